"""Training, and the calibration that follows it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from demo_trainer.network import RoadworkNet
from demo_trainer.views import Views


@dataclass(frozen=True)
class Recipe:
    net: str = "tinys"
    epochs: int = 8
    batch: int = 64
    learning_rate: float = 5e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.04
    warm_up: float = 0.08
    average: float = 0.99
    clip: float = 2.0
    bf16: bool = False
    seed: int = 72


def fit(views: Views, recipe: Recipe, report: Callable[[str], None]) -> RoadworkNet:
    """Trains from nothing; returns the moving average of the weights.

    The same recipe, data and number of threads give the same weights on the same machine.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    net = RoadworkNet(recipe.net).to(memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    optimizer = torch.optim.AdamW(net.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = len(views.labels) // recipe.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps * recipe.epochs, pct_start=recipe.warm_up
    )
    loss_of = nn.BCEWithLogitsLoss()
    for epoch in range(recipe.epochs):
        net.train()
        order = rng.permutation(len(views.labels))
        total = 0.0
        for step in range(steps):
            chosen = np.sort(order[step * recipe.batch : (step + 1) * recipe.batch])
            pixels = vary(to_tensor(views.pixels[chosen]), rng)
            target = torch.from_numpy(views.labels[chosen])
            target = target * (1 - recipe.label_smoothing) + recipe.label_smoothing / 2
            with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bf16):
                logit = net(pixels)
            loss = loss_of(logit.float(), target)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
            optimizer.step()
            schedule.step()
            follow(average, net, recipe.average)
            total += loss.item()
        report(f"epoch {epoch + 1}/{recipe.epochs}: loss {total / steps:.4f}")
    return average.eval()


def vary(pixels: Tensor, rng: np.random.Generator) -> Tensor:
    """Mirrors half of a batch and changes its brightness a little; all else is in the views already."""
    mirrored = torch.from_numpy(rng.random(len(pixels)) < 0.5)
    pixels = torch.where(mirrored[:, None, None, None], pixels.flip(3), pixels)
    gain = torch.from_numpy(rng.uniform(0.85, 1.15, len(pixels)).astype(np.float32))
    return pixels * gain[:, None, None, None]


def follow(average: nn.Module, net: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for slow, fast in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
            if slow.dtype.is_floating_point:
                slow.lerp_(fast, 1 - decay)
            else:
                slow.copy_(fast)


def to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)


def logits_of(net: RoadworkNet, pixels: NDArray[np.uint8], batch: int = 256) -> NDArray[np.float64]:
    with torch.inference_mode():
        parts = [net(to_tensor(pixels[i : i + batch])).numpy() for i in range(0, len(pixels), batch)]
    return np.concatenate(parts).astype(np.float64)


def calibrate(logits: NDArray[np.float64], labels: NDArray[np.float32]) -> tuple[float, float]:
    """Bias and temperature of p = sigmoid((logit - bias) / temperature).

    Minimises cross-entropy with both classes weighing the same, as validators ask for both alike.
    """
    x = torch.from_numpy(logits)
    y = torch.from_numpy(labels.astype(np.float64))
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
