"""Whole runs, in this process: every kind of recipe, in a few steps."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from sv72_train.export import open_graph, run_graph
from sv72_train.progress import TrainError
from sv72_train.train import Options, Training
from tests.train_support import rows_of, write_dataset, write_recipe, write_rows


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


VIT = {"backbone": {"id": "test_vit", "pretrained": False}, "optimizer": {"lr": 0.002}}
KINDS: dict[str, dict[str, object]] = {
    "head": {"kind": "head", **VIT, "views": {"stored": 2}, "epochs": 4},
    "lora": {"kind": "lora", **VIT, "views": {}, "lora": {"rank": 4}, "epochs": 1},
    "finetune": {**VIT, "optimizer": {"lr": 0.001, "layerDecay": 0.7}, "views": {}, "epochs": 1},
    "distill": {"kind": "distill", "distill": {"weight": 0.5}, "epochs": 1},
}


def options(
    folder: Path, *, weights: Path | None = None, teacher: str | None = None, resume: bool = False
) -> Options:
    return Options(
        recipe=folder / "recipe.json",
        data=(folder / "data",),
        out=folder / "out",
        cache=folder / "cache",
        device="cpu",
        weights=weights,
        teacher=teacher,
        resume=resume,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_of_each_kind_ends_in_a_graph_with_figures(tmp_path: Path, kind: str) -> None:
    folder = write_dataset(tmp_path / "data", 60)
    write_rows(folder, [row | {"soft": 0.9 if row["label"] else 0.1} for row in rows_of(folder)])
    write_recipe(tmp_path / "recipe.json", **KINDS[kind])
    Training(options(tmp_path)).run()
    out = tmp_path / "out"
    results = json.loads((out / "metrics.json").read_text())
    assert results["pictures"] == {"train": 36, "validation": 12, "test": 12}
    assert results["graph"]["flips"] == 0
    assert results["graph"]["worst"] < 1e-4
    assert results["backbone"]["firstWeights"] == "random"
    assert results["metrics"][-1]["condition"] == "all"
    assert (out / "report.html").stat().st_size > 1000
    names = {*load_file(out / "weights.safetensors")}
    assert names
    assert not any(".base." in name or name.endswith((".up", ".down")) for name in names), "adapters are gone"
    assert results["checkpoint"] == (kind != "distill") == (out / "checkpoint" / "config.json").exists()
    image = np.zeros((1, 224, 224, 3), np.uint8)
    assert 0 <= run_graph(open_graph(out / "model.onnx"), image)[0] <= 1


def test_random_weights_need_no_licence_of_the_trained_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    write_dataset(tmp_path / "data", 40)
    backbone = {"id": "convnextv2_atto.fcmae_ft_in1k", "pretrained": False}
    head = {"kind": "head", "views": {"stored": 1}, "epochs": 1, "measuredViews": 1}
    write_recipe(tmp_path / "recipe.json", **head, backbone=backbone)
    Training(options(tmp_path)).run()
    results = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert results["licenceFile"] is None
    assert results["backbone"]["firstWeights"] == "random"


def test_only_the_head_of_a_head_recipe_learns(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 60)
    write_recipe(tmp_path / "recipe.json", **KINDS["head"])
    training = Training(options(tmp_path))
    training.run()
    from sv72_train.weights import first_net

    before = first_net(training.recipe.backbone, None, training.recipe.seed)[0].state_dict()
    after = load_file(tmp_path / "out" / "weights.safetensors")
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert changed == {"backbone.head.weight", "backbone.head.bias"}


def test_a_run_from_earlier_weights_says_so(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 40)
    write_recipe(tmp_path / "recipe.json", epochs=1)
    Training(options(tmp_path)).run()
    weights = (tmp_path / "out" / "weights.safetensors").rename(tmp_path / "first.safetensors")
    (tmp_path / "out").rename(tmp_path / "before")
    Training(options(tmp_path, weights=weights)).run()
    results = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert results["backbone"]["firstWeights"] == "first.safetensors"
    with pytest.raises(TrainError, match="first weights are not those"):
        Training(options(tmp_path, resume=True)).run()


def test_distilling_without_a_teacher_or_soft_labels_is_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 40)
    write_recipe(tmp_path / "recipe.json", **KINDS["distill"])
    with pytest.raises(TrainError, match="needs a teacher"):
        Training(options(tmp_path)).run()


def test_a_picture_that_is_damaged_meanwhile_stops_a_resumed_run_until_it_is_back(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "data", 40)
    write_recipe(tmp_path / "recipe.json", epochs=1)
    Training(options(tmp_path)).run()
    picture = folder / next(row["path"] for row in rows_of(folder) if row["split"] == "train")
    whole = picture.read_bytes()
    picture.write_bytes(whole[:100])
    with pytest.raises(TrainError, match="the data is not the one"):
        Training(options(tmp_path, resume=True)).run()
    picture.write_bytes(whole)
    Training(options(tmp_path, resume=True)).run()


def test_another_teacher_does_not_teach_on(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "data", 40)
    write_rows(folder, [row | {"soft": 0.9 if row["label"] else 0.1} for row in rows_of(folder)])
    write_recipe(tmp_path / "recipe.json", **KINDS["distill"])
    Training(options(tmp_path)).run()
    demo = Path(__file__).parents[3] / "models" / "demo"
    with pytest.raises(TrainError, match="the teacher is not the one that this run was begun with"):
        Training(options(tmp_path, teacher=str(demo), resume=True)).run()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can make a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_fills_up_ends_the_run_and_leaves_the_last_checkpoint(
    tmp_path: Path, small_disk: Path
) -> None:
    write_dataset(tmp_path / "data", 40)
    write_recipe(tmp_path / "recipe.json", epochs=3)
    (tmp_path / "out").symlink_to(small_disk)
    with pytest.raises(TrainError) as caught:
        Training(options(tmp_path)).run()
    assert caught.value.code == "disk"
    assert torch.load(small_disk / "checkpoint.pt", weights_only=True)["run"]["step"] > 0


def test_views_that_find_no_room_are_not_begun(tmp_path: Path, small_disk: Path) -> None:
    write_dataset(tmp_path / "data", 60)
    write_recipe(tmp_path / "recipe.json", views={"stored": 50})
    (tmp_path / "cache").symlink_to(small_disk)
    with pytest.raises(OSError, match="No space left"):
        Training(options(tmp_path)).run()
