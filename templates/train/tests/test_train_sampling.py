"""Which pictures an epoch shows."""

import numpy as np
import pytest

from sv72_train.recipe import Curriculum, HardNegatives
from sv72_train.sampling import batches, hardest, highest_level, plan_epoch

LABELS = np.array([1.0] * 90 + [0.0] * 10, np.float32)


def test_both_classes_alike_and_each_dealt_out_in_turn() -> None:
    order = plan_epoch(LABELS, 0, 100, seed=1, balanced=True)
    assert LABELS[order].mean() == 0.5
    assert [LABELS[order[i : i + 10]].mean() for i in range(0, 100, 10)] == [0.5] * 10
    counts = np.bincount(order, minlength=100)
    assert set(counts[90:]) == {5}, "every negative as often as the others"
    assert counts[:90].max() == 1


def test_without_balance_every_picture_comes_once() -> None:
    assert sorted(plan_epoch(LABELS, 3, 100, seed=1, balanced=False)) == list(range(100))


def test_an_epoch_is_the_same_again_and_others_differ() -> None:
    first, again, other = (plan_epoch(LABELS, epoch, 100, seed=1, balanced=True) for epoch in (4, 4, 5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_hard_negatives_take_their_share() -> None:
    labels = np.array([1.0] * 100 + [0.0] * 100, np.float32)
    pool = np.array([150, 151], np.int64)
    order = plan_epoch(labels, 0, 200, seed=1, balanced=True, hard=pool, hard_share=0.3)
    negatives = order[labels[order] == 0]
    assert len(negatives) == 100
    assert 30 <= np.isin(negatives, pool).sum() <= 32


def test_the_hardest_are_the_negatives_that_look_positive() -> None:
    logits = np.array([9.0, 1.0, -1.0, 3.0, -4.0])
    labels = np.array([1, 0, 0, 0, 0], np.float32)
    assert list(hardest(logits, labels, HardNegatives(share=0.3, pool=0.5))) == [1, 3]


def test_easy_levels_first() -> None:
    curriculum = Curriculum(share=0.2, levels=1)
    assert [highest_level(step, 10, curriculum) for step in (0, 1, 2, 9)] == [1, 1, 3, 3]
    assert highest_level(0, 10, None) == 3


@pytest.mark.parametrize("world", [1, 2, 4])
def test_processes_share_every_batch_and_a_resumed_epoch_goes_on(world: int) -> None:
    order = plan_epoch(LABELS, 2, 96, seed=1, balanced=True)
    levels = [3] * 12
    parts = [batches(order, 2, 8, 5, levels, rank, world) for rank in range(world)]
    assert {len(part) for part in parts} == {7}
    together = [key[0] for step in zip(*parts, strict=True) for part in step for key in part]
    assert together == list(order[40:96])
    if world < 4:
        assert all(LABELS[[k[0] for k in part[0]]].mean() == 0.5 for part in parts)
