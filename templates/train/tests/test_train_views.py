"""Views: the same for the same key, stored once, taken up where they were left."""

from pathlib import Path

import numpy as np
import pytest
from torch.utils.data import DataLoader

from sv72_train import views as subject
from sv72_train.cache import Picture, prepare
from sv72_train.dataset import gather, open_dataset
from sv72_train.fit import whole
from sv72_train.parallel import start_loader
from sv72_train.recipe import Views
from sv72_train.views import FreshViews, ViewSet, draw_condition, pooled, store_views
from tests.train_support import write_dataset

VIEWS = Views(generations=(2, 1, 1))


@pytest.fixture
def pictures(tmp_path: Path) -> list[Picture]:
    return prepare(
        gather([open_dataset(write_dataset(tmp_path / "data", 40))], "train"), tmp_path / "cache", 0, 0
    )


def view_set(**fields: object) -> ViewSet:
    given = {
        "name": "x",
        "seed": 1,
        "side": 112,
        "count": 3,
        "views": VIEWS,
        "fit": "letterbox",
        "even": True,
    }
    return ViewSet(**(given | fields))  # type: ignore[arg-type]


def test_a_view_depends_on_its_key_alone(pictures: list[Picture]) -> None:
    fresh = FreshViews(pictures, VIEWS, 224, "letterbox", 5)
    keys = [(i % len(pictures), 1, i, 3) for i in range(16)]
    alone = fresh.__getitems__(keys)
    loader = DataLoader(
        fresh,
        batch_sampler=[keys[:8], keys[8:]],
        num_workers=2,
        collate_fn=whole,
        worker_init_fn=start_loader,
    )
    assert np.array_equal(np.concatenate([batch.numpy() for batch in loader]), alone.numpy())
    assert not np.array_equal(fresh[(0, 1, 0, 3)].numpy(), fresh[(0, 2, 0, 3)].numpy())


def test_what_was_stored_before_an_interruption_is_kept(
    pictures: list[Picture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_set = store_views(pictures, view_set(), tmp_path / "whole", 0)
    made: list[int] = []

    def failing(task: tuple[Picture, int, ViewSet]) -> subject.Pixels:
        made.append(task[1])
        if len(made) == 5:
            raise KeyboardInterrupt
        return real(task)

    real = subject.views_of
    monkeypatch.setattr(subject, "views_of", failing)
    with pytest.raises(KeyboardInterrupt):
        store_views(pictures, view_set(), tmp_path / "parts", 0)
    monkeypatch.setattr(subject, "views_of", real)
    parts = store_views(pictures, view_set(), tmp_path / "parts", 2)
    assert np.array_equal(parts.pixels, whole_set.pixels)


def test_measured_views_meet_every_condition_alike(pictures: list[Picture], tmp_path: Path) -> None:
    stored = store_views(pictures, view_set(), tmp_path / "views", 0)
    met = {(int(g), int(v)) for g, v in zip(stored.generations.flat, stored.levels.flat, strict=True)}
    assert met == {*((g, v) for g in (1, 2) for v in range(4)), (3, 0)}
    assert stored.pixels.shape == (len(pictures), 3, 112, 112, 3)


def test_generations_and_levels_come_by_their_weights() -> None:
    views = Views(generations=(3, 1, 0), levels=(1, 0, 1, 2))
    rng = np.random.default_rng(0)
    drawn = [draw_condition(rng, views) for _ in range(4000)]
    assert {c.generation for c in drawn} == {1, 2}
    assert np.mean([c.generation == 1 for c in drawn]) == pytest.approx(0.75, abs=0.03)
    levels = np.bincount([c.level for c in drawn], minlength=4) / len(drawn)
    assert levels == pytest.approx([0.25, 0, 0.25, 0.5], abs=0.03)
    assert {draw_condition(rng, views, 1).level for _ in range(50)} == {0}


def test_easy_levels_are_chosen_where_only_those_may_be_met(pictures: list[Picture], tmp_path: Path) -> None:
    stored = store_views(pictures, view_set(count=8, even=False), tmp_path / "views", 0)
    for number in range(len(pictures)):
        chosen = stored.choose((number, 0, number, 1))[1]
        assert stored.levels[number, chosen] <= 1


def test_pooling_takes_means_of_blocks() -> None:
    view = np.arange(224 * 224 * 3, dtype=np.uint32).reshape(224, 224, 3).astype(np.uint8)
    expected = view.reshape(112, 2, 112, 2, 3).mean((1, 3))
    assert np.abs(pooled(view, 112) - expected).max() <= 0.5
    assert pooled(view, 224) is view
