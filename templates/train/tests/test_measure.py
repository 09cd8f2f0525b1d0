import numpy as np
import pytest

from demo_trainer.measure import figures


def test_exactly_one_half_counts_as_none() -> None:
    result = figures(np.array([0.5, 0.51]), np.array([0.0, 1.0]))
    assert (result.balancedAccuracy, result.mcc, result.samples) == (1.0, 1.0, 2)


def test_balanced_accuracy_weighs_classes_alike() -> None:
    labels = np.array([1.0] * 8 + [0.0] * 2)
    result = figures(np.ones(10), labels)
    assert result.accuracy == pytest.approx(0.8)
    assert result.balancedAccuracy == pytest.approx(0.5)
    assert result.mcc == 0.0
