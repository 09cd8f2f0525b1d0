"""Figures of decisions at 0.5, as scoring looks at them: exactly 0.5 counts as 'none'."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Figures:
    balancedAccuracy: float
    accuracy: float
    mcc: float
    samples: int

    def values(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items() if name != "samples"}


def figures(probabilities: NDArray[np.floating], labels: NDArray[np.floating]) -> Figures:
    said = probabilities > 0.5
    true = labels > 0.5
    tp, tn = int(np.sum(said & true)), int(np.sum(~said & ~true))
    fp, fn = int(np.sum(said & ~true)), int(np.sum(~said & true))
    spread = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return Figures(
        balancedAccuracy=(tp / max(1, tp + fn) + tn / max(1, tn + fp)) / 2,
        accuracy=(tp + tn) / max(1, len(labels)),
        mcc=(tp * tn - fp * fn) / spread if spread else 0.0,
        samples=len(labels),
    )
