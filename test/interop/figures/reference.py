"""Figures, tests and the validators' reward by scikit-learn, SciPy and NumPy.

Reads from stdin {"sets": [{labels, predictions}], "tables": [[b, c]], "histories": [{labels, predictions}]} and prints
the same lists with what the libraries make of each.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    confusion_matrix,
    matthews_corrcoef,
    recall_score,
    roc_auc_score,
)

BINS = 15
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def calibration_error(labels: Integers, predictions: Floats) -> float:
    """By its definition: the mean distance of what is said and what is, over bins of equal width."""
    bins = np.minimum(BINS - 1, np.floor(predictions * BINS)).astype(int)
    total = 0.0
    for i in range(BINS):
        inside = bins == i
        if inside.any():
            total += inside.mean() * abs(predictions[inside].mean() - labels[inside].mean())
    return total


def figures(labels: Integers, predictions: Floats) -> dict[str, float | None]:
    # np.round takes a half to the even neighbour, as the validators' rounding does.
    said = np.round(predictions).astype(int)
    both = len(set(labels.tolist())) == 2
    varied = both and len(set(said.tolist())) == 2
    tn, fp, fn, tp = confusion_matrix(labels, said, labels=[0, 1]).ravel().tolist()
    return {
        "accuracy": float(accuracy_score(labels, said)),
        "balancedAccuracy": float(balanced_accuracy_score(labels, said)) if both else None,
        "sensitivity": float(recall_score(labels, said)) if labels.any() else None,
        "specificity": float(recall_score(1 - labels, 1 - said)) if not labels.all() else None,
        "mcc": float(matthews_corrcoef(labels, said)) if varied else None,
        "auc": float(roc_auc_score(labels, predictions)) if both else None,
        "brier": float(brier_score_loss(labels, predictions, pos_label=1)),
        "ece": calibration_error(labels, predictions),
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
    }


def metrics(labels: Integers, predictions: Floats, window: int) -> tuple[float, float]:
    """Matthews correlation and accuracy over the last entries, without those that were not answered."""
    labels, predictions = labels[-window:], predictions[-window:]
    answered = predictions != -1
    labels, said = labels[answered], np.round(predictions[answered]).astype(int)
    if labels.size == 0:
        return 0.0, 0.0
    varied = np.unique(labels).size > 1 and np.unique(said).size > 1
    correlation = float(matthews_corrcoef(labels, said)) if varied else 0.0
    return max(0.0, correlation), float(accuracy_score(labels, said))


def rewards(labels: Integers, predictions: Floats) -> list[dict[str, float]]:
    """The reward of every answer of a history, by the subnet's rules."""
    answers = []
    for end in range(1, len(labels) + 1):
        correlation, _ = metrics(labels[:end], predictions[:end], 100)
        _, accuracy = metrics(labels[:end], predictions[:end], 10)
        newest = predictions[end - 1]
        reward = (0.5 * correlation + 0.5 * accuracy) ** 3 if 0 <= newest <= 1 else 0.0
        answers.append({"mcc100": correlation, "accuracy10": accuracy, "reward": reward})
    return answers


def columns(each: dict[str, Any]) -> tuple[Integers, Floats]:
    return np.array(each["labels"], np.int64), np.array(each["predictions"], np.float64)


def main() -> None:
    warnings.simplefilter("ignore")
    job = json.load(sys.stdin)
    result = {
        "sets": [figures(*columns(each)) for each in job["sets"]],
        "tables": [float(binomtest(b, b + c).pvalue) if b + c > 0 else 1.0 for b, c in job["tables"]],
        "histories": [rewards(*columns(each)) for each in job["histories"]],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
