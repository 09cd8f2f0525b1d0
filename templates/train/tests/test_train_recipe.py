"""Recipes: what is shipped can be read, what is wrong is refused."""

import json
from pathlib import Path

import pytest

from sv72_train.progress import TrainError
from sv72_train.recipe import Lora, read_recipe
from tests.train_support import write_recipe

SHIPPED = sorted((Path(__file__).parents[1] / "recipes").glob("*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_can_be_read(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.name == path.stem
    assert recipe.kind in ("head", "finetune", "lora", "distill")


def test_camel_case_nested_and_null(tmp_path: Path) -> None:
    path = write_recipe(tmp_path / "r.json", lora={"rank": 4}, curriculum=None, labelSmoothing=0.1)
    recipe = read_recipe(path)
    assert recipe.lora == Lora(rank=4)
    assert (recipe.curriculum, recipe.label_smoothing, recipe.optimizer.warm_up) == (None, 0.1, 0.1)
    assert recipe.views.generations == (1, 1, 0)


def test_a_field_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="unknown field learning_rate"):
        read_recipe(write_recipe(tmp_path / "r.json", learningRate=1))
    (tmp_path / "bad.json").write_text(json.dumps({"name": "x"}))
    with pytest.raises(TrainError, match="is not a recipe"):
        read_recipe(tmp_path / "bad.json")


def test_its_fingerprint_is_that_of_its_contents(tmp_path: Path) -> None:
    one, same, other = (
        read_recipe(write_recipe(tmp_path / f"{i}.json", epochs=e)).fingerprint()
        for i, e in enumerate((3, 3, 4))
    )
    assert one == same != other
