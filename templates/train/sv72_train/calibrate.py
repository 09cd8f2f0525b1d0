"""Bias and temperature of p = sigmoid((logit - bias) / temperature)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.float64]


def calibrate(logits: Floats, labels: NDArray[np.float32]) -> tuple[float, float]:
    """The bias puts the decision at 0.5; the temperature makes probabilities honest and decides nothing.

    Both classes weigh the same, as validators ask for both alike. The bias of the cross-entropy is taken
    unless the best threshold decides better by more than chance.
    """
    bias, temperature = fit(logits, labels)
    best, gain, spread = best_threshold(logits, labels, bias)
    return (best if gain > 2 * spread else bias), temperature


def fit(logits: Floats, labels: NDArray[np.float32]) -> tuple[float, float]:
    """Minimises cross-entropy (L-BFGS)."""
    x, y = torch.from_numpy(logits), torch.from_numpy(labels.astype(np.float64))
    weight = torch.where(y > 0.5, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    parameters = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([parameters], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        scaled = (x - parameters[0]) / parameters[1].exp()
        loss = nn.functional.binary_cross_entropy_with_logits(scaled, y, weight)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(parameters[0].detach()), float(parameters[1].detach().exp().clamp(0.05, 20))


def best_threshold(logits: Floats, labels: NDArray[np.float32], now: float) -> tuple[float, float, float]:
    """The threshold of best balanced accuracy, what it gains over `now`, and that gain's standard error."""
    true = labels > 0.5
    order = np.argsort(logits, kind="stable")
    below_positive = np.concatenate([[0], np.cumsum(true[order])]) / max(1, true.sum())
    below_negative = np.concatenate([[0], np.cumsum(~true[order])]) / max(1, (~true).sum())
    accuracy = ((1 - below_positive) + below_negative) / 2
    at = int(np.argmax(accuracy))
    ranked = logits[order]
    edges = np.concatenate([[ranked[0] - 1], ranked, [ranked[-1] + 1]])
    best = float((edges[at] + edges[at + 1]) / 2)
    current = float(accuracy[np.searchsorted(ranked, now, side="right")])
    moved = (logits > best) != (logits > now)
    spread = np.sqrt(sum(moved[c].mean() / max(1, c.sum()) for c in (true, ~true) if c.any()) / 4)
    return best, float(accuracy[at]) - current, float(spread)
