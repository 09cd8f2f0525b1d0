"""Figures of decisions at 0.5, as scoring looks at them: exactly 0.5 counts as 'none'."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
NAMES = ("accuracy", "balancedAccuracy", "mcc", "reward")


class Metric(TypedDict):
    condition: str
    samples: int
    values: dict[str, float]


def counts(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> Counts:
    """True and false positives, true and false negatives of each picture, (pictures, 4), of its views."""
    kinds = (said & true, said & ~true, ~said & ~true, ~said & true)
    return np.stack([kind.sum(1) for kind in kinds], 1).astype(np.float64)


def figures(total: Counts) -> Counts:
    """accuracy, balanced accuracy, MCC and reward (0.5 MCC + 0.5 accuracy)³ of sums (…, 4)."""
    tp, fp, tn, fn = np.moveaxis(total, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        accuracy = (tp + tn) / (tp + fp + tn + fn)
        balanced = (np.nan_to_num(tp / (tp + fn)) + np.nan_to_num(tn / (tn + fp))) / 2
        mcc = np.nan_to_num((tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))
    reward = ((np.maximum(mcc, 0) + accuracy) / 2) ** 3
    return np.stack([accuracy, balanced, mcc, reward], -1)


def with_intervals(each: Counts, seed: int = 0, rounds: int = 1000) -> dict[str, float]:
    """Figures and their 95 % intervals: bootstrap over pictures, since views of one picture go together."""
    exact = figures(each.sum(0))
    rng = np.random.default_rng(seed)
    drawn = np.stack(
        [
            each.T @ np.bincount(rng.integers(0, len(each), len(each)), minlength=len(each))
            for _ in range(rounds)
        ]
    )
    low, high = np.nanquantile(figures(drawn), (0.025, 0.975), axis=0)
    low = np.minimum(low, without_mistakes(each))
    result: dict[str, float] = {}
    for i, name in enumerate(NAMES):
        result |= {name: exact[i], f"{name}Low": low[i], f"{name}High": high[i]}
    return {name: round(float(value), 4) for name, value in result.items()}


def without_mistakes(each: Counts) -> Counts:
    """The figures where mistakes are so rare that 2.5 % of sets would show none; 1 where some were seen.

    There is nothing to resample in such a class, and the interval would end at the figure itself.
    """
    (tp, fp, tn, fn), pictures = each.sum(0), (each > 0).sum(0)
    possible = []
    if fn == 0 < tp:
        rate = 0.025 ** (1 / pictures[0])
        possible.append(figures(np.array([tp * rate, fp, tn, tp * (1 - rate)])))
    if fp == 0 < tn:
        rate = 0.025 ** (1 / pictures[2])
        possible.append(figures(np.array([tp, tn * (1 - rate), tn * rate, fn])))
    return np.min(possible, axis=0) if possible else np.ones(len(NAMES))


def measure(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.float32],
    generations: NDArray[np.int8],
    levels: NDArray[np.int8],
) -> list[Metric]:
    """One row for each condition that was met and one for each generation. Arrays: (pictures, views)."""
    said, true = probabilities > 0.5, np.broadcast_to(labels[:, None] > 0.5, probabilities.shape)
    result: list[Metric] = []

    def add(condition: str, mask: NDArray[np.bool_]) -> None:
        some = mask.any(1)
        parts = [k & mask for k in (said & true, said & ~true, ~said & ~true, ~said & true)]
        each = np.stack([part.sum(1) for part in parts], 1)[some].astype(np.float64)
        result.append({"condition": condition, "samples": int(mask.sum()), "values": with_intervals(each)})

    for generation in sorted(set(generations.flat)):
        of = generations == generation
        add(f"generation {generation}", of)
        for level in sorted(set(levels[of])) if generation < 3 else []:
            add(f"generation {generation}, level {level}", of & (levels == level))
    if len(result) > 1:
        add("all", np.ones_like(said))
    return result


def reward(logits: NDArray[np.floating], labels: NDArray[np.float32], threshold: float = 0.0) -> float:
    """Of all views together, at a threshold of the logit."""
    true = np.broadcast_to(labels[:, None] > 0.5, logits.shape)
    return float(figures(counts(logits > threshold, true).sum(0))[3])
