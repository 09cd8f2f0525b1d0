"""What a vision-language model is calibrated with, and that what was written is quantized."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sv72_train.llm import IGNORED, described, samples
from sv72_train.progress import TrainError
from tests.train_support import write_dataset


class Processor:
    """Keeps what it is asked; stands for a model's own."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def apply_chat_template(self, messages: Any, **kinds: Any) -> dict[str, Any]:  # noqa: ANN401
        assert kinds == {"tokenize": True, "return_dict": True, "return_tensors": "pt"}
        self.asked.append(messages)
        return {"pixel_values": messages[0]["content"][0]["image"].size}


def test_training_pictures_of_both_classes_in_turn(tmp_path: Path) -> None:
    processor = Processor()
    given = list(samples(processor, write_dataset(tmp_path, 40), 6))
    assert [row["pixel_values"] for row in given] == [(240, 180)] * 6
    assert [m[1]["content"][0]["text"] for m in processor.asked] == ["No", "Yes"] * 3
    assert all("roadwork" in m[0]["content"][1]["text"] for m in processor.asked)


def test_one_class_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="both classes"):
        list(samples(Processor(), write_dataset(tmp_path, 20, labels=[1]), 6))


@pytest.mark.parametrize("config", [{}, {"quantization_config": {"quant_method": "awq"}}])
def test_a_model_that_was_not_quantized_is_refused(tmp_path: Path, config: dict[str, Any]) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(TrainError, match="nothing was quantized"):
        described(tmp_path)


def test_the_vision_tower_and_the_head_are_left_alone() -> None:
    assert {"re:.*lm_head", "re:.*visual.*"} <= set(IGNORED)
