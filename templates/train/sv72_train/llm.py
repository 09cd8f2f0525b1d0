"""Smaller forms of a vision-language model, for vLLM: `python -m sv72_train.llm --to vlm-fp8 …`.

Runs in an environment of its own: llm-compressor pins another torch and transformers than the trainer. The
vision tower and the head keep their precision: they are small, and what the model sees must not suffer.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sv72_train.dataset import open_dataset
from sv72_train.progress import Meter, TrainError, emit, log

QUESTION = (
    "Is there roadwork (cones, barriers, work signs, machines or workers on or at the road) "
    "in this street image? Answer with one word: Yes or No."
)
IGNORED = ["re:.*lm_head", "re:.*visual.*", "re:.*vision_tower.*", "re:.*multi_modal_projector.*"]
LONGEST = 4096
"""Tokens of one calibration picture with its question."""


def messages(picture: bytes, label: int) -> list[dict[str, Any]]:
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    asked = [{"type": "image", "image": image}, {"type": "text", "text": QUESTION}]
    answer = [{"type": "text", "text": "Yes" if label else "No"}]
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]


def samples(processor: Any, folder: Path, count: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """What the model is given for training pictures of both classes in turn."""
    entries = open_dataset(folder).split("train")
    by_label = [[entry for entry in entries if entry.label == label] for label in (0, 1)]
    chosen = [entry for pair in zip(*by_label, strict=False) for entry in pair][:count]
    if not chosen:
        raise TrainError("calibration", "calibrating needs training pictures of both classes")
    meter = Meter("calibrate", len(chosen), "pictures")
    for number, entry in enumerate(chosen, 1):
        given = processor.apply_chat_template(
            messages(entry.path.read_bytes(), entry.label),
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        meter.add(number, 1)
        yield {name: value[..., :LONGEST] if name == "input_ids" else value for name, value in given.items()}


def compress(options: argparse.Namespace) -> dict[str, object]:
    with quiet():
        import torch
        from transformers import AutoModelForImageTextToText, AutoProcessor

    if not torch.cuda.is_available() and not options.cpu:
        raise TrainError(
            "gpu", "there is no GPU that torch can use; billions of weights take days without one"
        )
    log(f"loading {options.model}")
    emit("progress", phase="load", message=options.model)
    with quiet():
        processor = AutoProcessor.from_pretrained(options.model)
        model = AutoModelForImageTextToText.from_pretrained(options.model, dtype="auto")
    before = bytes_of(model)
    rows = None
    if options.to == "vlm-w4a16":
        if options.data is None:
            raise TrainError("calibration", "vlm-w4a16 needs a dataset to calibrate with")
        rows = list(samples(processor, options.data, options.samples))
    emit("progress", phase="quantize")
    if options.cpu:
        without_pinning()
    with quiet():
        one_shot(model, processor, rows)
    emit("progress", phase="save")
    with quiet():
        model.save_pretrained(options.out, save_compressed=True)
        processor.save_pretrained(options.out)
    return {"to": options.to, "sourceBytes": before, **described(options.out)}


def one_shot(model: Any, processor: Any, rows: list[dict[str, Any]] | None) -> None:  # noqa: ANN401
    """In place: with pictures four-bit weights (activation-aware: Lin and others, 2023), without FP8."""
    from llmcompressor import oneshot
    from llmcompressor.modifiers.quantization import QuantizationModifier
    from llmcompressor.modifiers.transform.awq import AWQModifier
    from torch.utils.data import DataLoader

    if rows is None:
        oneshot(
            model=model, recipe=QuantizationModifier(targets="Linear", scheme="FP8_DYNAMIC", ignore=IGNORED)
        )
        return
    four_bits = QuantizationModifier(targets="Linear", scheme="W4A16", ignore=IGNORED)
    oneshot(
        model=model,
        processor=processor,
        recipe=[AWQModifier(duo_scaling=False), four_bits],
        dataset=DataLoader(rows, batch_size=1, collate_fn=lambda batch: batch[0]),
        num_calibration_samples=len(rows),
    )


def without_pinning() -> None:
    """llm-compressor pins what goes to the GPU, also where there is none, and that needs the driver."""
    from llmcompressor.pipelines.cache import IntermediatesCache

    IntermediatesCache.pin_memory = lambda *_args, **_kinds: None


def quiet() -> contextlib.AbstractContextManager[object]:
    """The libraries print; stdout is for records."""
    return contextlib.redirect_stdout(sys.stderr)


def bytes_of(model: Any) -> int:  # noqa: ANN401
    return sum(parameter.numel() * parameter.element_size() for parameter in model.parameters())


def described(folder: Path) -> dict[str, object]:
    """What was written is what vLLM will read: it must say that it is quantized."""
    config = json.loads((folder / "config.json").read_text())
    quantization = config.get("quantization_config")
    if not quantization or quantization.get("quant_method") != "compressed-tensors":
        raise TrainError("quantize", "nothing was quantized: the model's linear layers were all left out")
    from importlib.metadata import version

    return {
        "bytes": sum(file.stat().st_size for file in folder.iterdir() if file.suffix == ".safetensors"),
        "format": quantization.get("format"),
        "tools": {
            name: version(name) for name in ("llmcompressor", "compressed-tensors", "transformers", "torch")
        },
    }


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sv72_train.llm", description=__doc__)
    parser.add_argument("--to", choices=("vlm-w4a16", "vlm-fp8"), required=True)
    parser.add_argument("--model", required=True, help="a folder, or an id on the Hub")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="dataset folder, for vlm-w4a16")
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--cpu", action="store_true", help="also without a GPU: for tiny models")
    try:
        emit("result", **compress(parser.parse_args(words)))
    except TrainError as error:
        emit("result", error={"code": error.code, "message": str(error)})
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
