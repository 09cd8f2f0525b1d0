"""The loop: learning, resuming bit for bit, running out of memory, refusing what changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sv72_train.cache import prepare
from sv72_train.dataset import gather, open_dataset
from sv72_train.device import Place
from sv72_train.fit import Fit, Lesson, Stopped, distilled
from sv72_train.infer import Reader
from sv72_train.lora import adapt
from sv72_train.model import Net
from sv72_train.progress import TrainError
from sv72_train.recipe import Recipe, read_recipe
from sv72_train.train import judged, labels_of
from sv72_train.views import FreshViews, ViewSet, store_views
from sv72_train.weights import first_net
from tests.train_support import write_dataset, write_recipe

CPU = Place(torch.device("cpu"))
IDENTITY = {"recipe": "r", "data": "d"}


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


class Setting:
    """A small dataset and fits on it, as many as a test wants."""

    def __init__(self, folder: Path, **recipe: object) -> None:
        self.folder = folder
        data = open_dataset(write_dataset(folder / "data", 60))
        self.recipe: Recipe = read_recipe(write_recipe(folder / "recipe.json", **recipe))
        self.train = prepare(gather([data], "train"), folder / "cache", 0, 0)
        self.held_out = prepare(gather([data], "validation"), folder / "cache", 0, 0)

    def fit(
        self,
        out: str,
        stop: Callable[[], bool] = lambda: False,
        identity: dict[str, str] = IDENTITY,
        wrap: Callable[[Net], nn.Module] = lambda net: net,
    ) -> Fit:
        recipe = self.recipe
        net, card = first_net(recipe.backbone, None, recipe.seed)
        if recipe.lora:
            adapt(net.backbone, net.head, recipe.lora)
        reader = Reader(CPU)
        what = ViewSet("v", 1, card.side, 2, recipe.views, recipe.fit, True)
        stored = store_views(self.held_out, what, self.folder / "views", 0)
        labels = labels_of(self.held_out)
        if recipe.views.stored:
            train = ViewSet("t", 1, card.side, recipe.views.stored, recipe.views, recipe.fit, False)
            inputs = store_views(self.train, train, self.folder / "views", 0)
        else:
            inputs = FreshViews(self.train, recipe.views, card.side, recipe.fit, recipe.seed)
        lesson = Lesson(inputs, labels_of(self.train))
        return Fit(
            wrap(net),
            lesson,
            recipe,
            CPU,
            self.folder / out,
            judge=lambda average: judged(reader.logits(average, stored), labels),
            logits=lambda average, numbers: reader.scores(average, lesson, numbers),
            identity=identity,
            stop=stop,
        )


def after(calls: int) -> Callable[[], bool]:
    """Asks to stop at the n-th time of asking."""
    asked = iter(range(1_000_000))
    return lambda: next(asked) >= calls


def bits(model: nn.Module) -> dict[str, bytes]:
    return {name: value.numpy().tobytes() for name, value in model.state_dict().items()}


RECIPES: dict[str, dict[str, object]] = {
    "plain, stored views, hard negatives, curriculum": {
        "hardNegatives": {"share": 0.3, "pool": 0.2, "every": 1},
        "curriculum": {"share": 0.3, "levels": 1},
        "labelSmoothing": 0.05,
        "views": {"generations": [1, 1, 1], "stored": 2, "brightness": 0.15},
    },
    "transformer, fresh views, drop path, layer decay, bf16": {
        "backbone": {"id": "test_vit", "pretrained": False, "dropPath": 0.2},
        "optimizer": {"lr": 0.001, "layerDecay": 0.75},
        "views": {"generations": [1, 1, 1]},
        "epochs": 2,
        "precision": "bf16",
    },
    "adapters with dropout": {
        "backbone": {"id": "test_vit", "pretrained": False},
        "kind": "lora",
        "lora": {"rank": 4, "dropout": 0.1},
        "optimizer": {"lr": 0.001},
        "epochs": 2,
    },
}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
@pytest.mark.parametrize("calls", [2, 4])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(
    tmp_path: Path, recipe: dict[str, object], calls: int
) -> None:
    setting = Setting(tmp_path, **recipe)
    through = setting.fit("through")
    expected = through.train()
    with pytest.raises(Stopped):
        setting.fit("parts", after(calls)).train()
    second = setting.fit("parts", after(1))
    assert second.resume()
    with pytest.raises(Stopped):
        second.train()
    third = setting.fit("parts")
    assert third.resume()
    assert bits(third.train()) == bits(expected)
    assert bits(third.model) == bits(through.model)
    assert third.run.history == through.run.history


def test_learns_what_is_easy(tmp_path: Path) -> None:
    fit = Setting(tmp_path, epochs=8, views={"generations": [0, 1, 0], "stored": 2}).fit("out")
    fit.train()
    assert fit.run.best > 0.7
    losses = [row["loss"] for row in fit.run.history or []]
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize(("name", "code"), [("data", "data-changed"), ("recipe", "recipe-changed")])
def test_what_changed_under_a_resumed_run_is_refused(tmp_path: Path, name: str, code: str) -> None:
    setting = Setting(tmp_path)
    with pytest.raises(Stopped):
        setting.fit("out", after(1)).train()
    with pytest.raises(TrainError, match=f"the {name} is not the one") as caught:
        setting.fit("out", identity={**IDENTITY, name: "other"}).resume()
    assert caught.value.code == code


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    with pytest.raises(Stopped):
        setting.fit("out", after(1)).train()
    file = tmp_path / "out" / "checkpoint.pt"
    file.write_bytes(file.read_bytes()[:-5000])
    with pytest.raises(TrainError, match="is damaged"):
        setting.fit("out").resume()


class Small(nn.Module):
    """A net whose memory ends at a number of pictures. Without batch norm, so that pieces add up exactly."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.limit = limit
        self.body = nn.Sequential(nn.Conv2d(3, 4, 8, 8), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.head = nn.Linear(4, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        if self.training and len(pixels) > self.limit:
            raise torch.OutOfMemoryError("no more")
        maps = self.body(pixels.permute(0, 3, 1, 2).float() / 255)
        return self.head(maps.flatten(1)).squeeze(1)


def test_out_of_memory_halves_the_batch_and_adds_gradients_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = Setting(tmp_path, epochs=1)
    roomy, tight = (setting.fit(str(n), wrap=lambda _, n=n: Small(n)) for n in (100, 3))
    expected, got = roomy.train(), tight.train()
    assert tight.run.micro == 2
    assert "going on with 2 pictures at a time" in capsys.readouterr().out
    for name, value in expected.state_dict().items():
        assert torch.allclose(value, got.state_dict()[name], atol=1e-5), name


def test_no_memory_for_one_picture_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="one picture at a time"):
        Setting(tmp_path).fit("out", wrap=lambda _: Small(0)).train()


def test_other_errors_are_not_taken_for_memory(tmp_path: Path) -> None:
    class Broken(Small):
        def forward(self, pixels: Tensor) -> Tensor:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="mat1"):
        Setting(tmp_path).fit("out", wrap=lambda _: Broken(9)).train()


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    setting = Setting(tmp_path, optimizer={"lr": 1e30, "clip": 1e30})
    with pytest.raises(TrainError, match="lower the learning rate"):
        setting.fit("out").train()


def test_a_full_disk_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = Setting(tmp_path).fit("out")
    fit.save()
    before = fit.file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TrainError, match="could not be written") as caught:
        fit.save()
    assert caught.value.code == "disk"
    assert fit.file.read_bytes() == before
    assert list(fit.folder.glob(".*")) == []


def test_soft_labels_pull_where_there_are_some() -> None:
    logit = torch.tensor([0.0, 0.0], requires_grad=True)
    soft = torch.tensor([0.9, float("nan")])
    plain = nn.functional.binary_cross_entropy_with_logits(logit, torch.zeros(2), reduction="none")
    distilled(plain, logit, soft, weight=0.5, temperature=2.0).sum().backward()
    assert logit.grad is not None
    assert logit.grad[1] == pytest.approx(0.5)
    assert logit.grad[0] < 0.25
    assert np.isfinite(logit.grad.numpy()).all()
