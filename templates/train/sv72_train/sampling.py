"""Which pictures an epoch shows, and in which order: functions of seed and epoch, so that they repeat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sv72_train.recipe import Curriculum, HardNegatives
from sv72_train.views import Key

Numbers = NDArray[np.int64]


def plan_epoch(
    labels: NDArray[np.float32],
    epoch: int,
    length: int,
    *,
    seed: int,
    balanced: bool,
    hard: Numbers | None = None,
    hard_share: float = 0.0,
) -> Numbers:
    """`length` picture numbers. Balanced: both classes alike in every pair, each class dealt out in turn.

    `hard` pictures take `hard_share` of the places of the negatives.
    """
    rng = np.random.default_rng([seed, 1, epoch])
    if not balanced:
        return deal(rng, np.arange(len(labels)), length)
    positive = deal(rng, np.flatnonzero(labels > 0.5), length // 2)
    negative = deal(rng, np.flatnonzero(labels <= 0.5), length - length // 2)
    if hard is not None and len(hard) > 0:
        places = rng.permutation(len(negative))[: round(hard_share * len(negative))]
        negative[places] = deal(rng, hard, len(places))
    order = np.empty(length, np.int64)
    order[0::2], order[1::2] = negative, positive
    return order


def deal(rng: np.random.Generator, from_: NDArray[np.integer], amount: int) -> Numbers:
    """`amount` out of shuffled decks: nothing comes again before all else has come."""
    decks = [rng.permutation(from_) for _ in range(-(-amount // len(from_)))]
    return np.concatenate([*decks, np.empty(0, np.int64)])[:amount].astype(np.int64)


def hardest(logits: NDArray[np.float64], labels: NDArray[np.float32], hard: HardNegatives) -> Numbers:
    """The negatives that look most like road works."""
    negatives = np.flatnonzero(labels <= 0.5)
    amount = max(1, round(hard.pool * len(negatives)))
    return np.sort(negatives[np.argsort(-logits[negatives], kind="stable")[:amount]])


def highest_level(step: int, steps: int, curriculum: Curriculum | None) -> int:
    return 3 if curriculum is None or step >= curriculum.share * steps else curriculum.levels


def batches(
    order: Numbers, epoch: int, batch: int, first: int, highest: list[int], rank: int = 0, world: int = 1
) -> list[list[Key]]:
    """The batches of an epoch from number `first` on; each of `world` processes gets its part of each."""
    result: list[list[Key]] = []
    part = batch // world
    for number in range(first, len(order) // batch):
        begin = number * batch + rank * part
        places = range(begin, begin + part)
        result.append([(int(order[place]), epoch, place, highest[number]) for place in places])
    return result
