"""Figures, against another library's; and the bias and temperature."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, matthews_corrcoef

from sv72_train.calibrate import best_threshold, calibrate, fit
from sv72_train.measure import counts, figures, measure, reward, with_intervals


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    true = rng.random(200) < 0.4
    said = true ^ (rng.random(200) < 0.2)
    accuracy, balanced, mcc, won = figures(counts(said[:, None], true[:, None]).sum(0))
    assert accuracy == pytest.approx((said == true).mean())
    assert balanced == pytest.approx(balanced_accuracy_score(true, said))
    assert mcc == pytest.approx(matthews_corrcoef(true, said))
    assert won == pytest.approx(((mcc + accuracy) / 2) ** 3)


def test_one_class_only_has_no_correlation() -> None:
    labels = np.ones(10, np.float32)
    assert reward(np.ones((10, 1)), labels) == pytest.approx(0.125)
    assert reward(-np.ones((10, 1)), np.zeros(10, np.float32)) == pytest.approx(0.125)


def test_exactly_one_half_counts_as_none() -> None:
    ones = np.ones((2, 1), np.int8)
    (row,) = measure(np.array([[0.5], [0.51]]), np.array([0.0, 1.0]), ones, ones * 0)[:1]
    assert row["values"]["accuracy"] == 1.0


def test_intervals_hold_the_truth_and_views_of_a_picture_go_together() -> None:
    rng = np.random.default_rng(3)
    true = np.repeat(rng.random((400, 1)) < 0.5, 4, 1)
    wrong = rng.random((400, 1)) < 0.1
    alone = with_intervals(counts(true ^ (rng.random((400, 4)) < 0.1), true))
    together = with_intervals(counts(true ^ wrong, true))
    narrow, wide = (row["accuracyHigh"] - row["accuracyLow"] for row in (alone, together))
    assert narrow == pytest.approx(2 * 1.96 * np.sqrt(0.1 * 0.9 / 1600), rel=0.15)
    assert wide == pytest.approx(2 * narrow, rel=0.25)


def test_no_mistake_in_a_few_pictures_proves_little() -> None:
    each = np.array([[2, 0, 0, 0]] * 20 + [[0, 0, 2, 0]] * 20, np.float64)
    perfect = with_intervals(each)
    assert perfect["accuracy"] == perfect["accuracyHigh"] == perfect["mccHigh"] == 1
    # Half of the views are of the class, in which at most 1 - 0.025^(1/20) = 0.168 are mistaken.
    assert perfect["accuracyLow"] == pytest.approx(1 - 0.1684 / 2, abs=1e-3)
    assert perfect["rewardLow"] < perfect["mccLow"] < perfect["accuracyLow"]
    many = with_intervals(np.repeat(each, 50, 0))
    assert many["accuracyLow"] > 0.998


def test_a_row_for_each_condition_and_for_all() -> None:
    generations = np.array([[1, 2, 3]] * 8, np.int8)
    levels = np.array([[0, 1, 0]] * 8, np.int8)
    labels = np.array([0, 1] * 4, np.float32)
    rows = measure(np.repeat(labels[:, None], 3, 1) * 0.8, labels, generations, levels)
    assert [(row["condition"], row["samples"]) for row in rows] == [
        ("generation 1", 8),
        ("generation 1, level 0", 8),
        ("generation 2", 8),
        ("generation 2, level 1", 8),
        ("generation 3", 8),
        ("all", 24),
    ]
    assert all(row["values"]["reward"] == 1.0 for row in rows)


def test_calibration_moves_the_decision_to_one_half() -> None:
    rng = np.random.default_rng(1)
    labels = (rng.random(4000) < 0.85).astype(np.float32)
    logits = 3 + 4 * ((labels * 2 - 1) + rng.normal(0, 1, 4000))
    bias, temperature = calibrate(logits, labels)
    assert abs(bias - 3) < 0.4
    # Unit-variance classes at -1 and 1 have a log-odds slope of 2 per unit, that is 4 units of logit.
    assert abs(temperature - 2) < 0.25


def test_the_best_threshold_wins_only_by_more_than_chance() -> None:
    labels = np.array([0, 1] * 500, np.float32)
    rng = np.random.default_rng(2)
    # Negatives have a long tail that pulls the cross-entropy's bias far from where decisions are best.
    logits = np.where(labels > 0, rng.normal(1, 0.2, 1000), np.where(rng.random(1000) < 0.15, 9.0, -1.0))
    right = [
        np.mean((logits > bias) == (labels > 0))
        for bias in (fit(logits, labels)[0], calibrate(logits, labels)[0])
    ]
    assert right[0] < 0.7
    assert right[1] > 0.89
    best, gain, spread = best_threshold(rng.normal(0, 1, 1000), labels, 0.0)
    assert gain < 2.5 * spread or abs(best) < 0.5
