"""A moving average of weights, which decides better than the weights themselves."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Young averages follow faster; counters of batch norm are copied. Frozen weights are equal anyhow."""
    now = min(decay, (1 + step) / (10 + step))
    fast = dict(model.named_parameters()) | dict(model.named_buffers())
    for name, slow in (*average.named_parameters(), *average.named_buffers()):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast[name], 1 - now)
        else:
            slow.copy_(fast[name])
