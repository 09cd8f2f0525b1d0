"""AdamW, and how its rate goes over a run and over a network's layers."""

from __future__ import annotations

import math

import torch
from timm.optim import param_groups_layer_decay
from torch import nn

from sv72_train.model import Net
from sv72_train.recipe import Optimizer


def make_optimizer(model: nn.Module, recipe: Optimizer) -> torch.optim.AdamW:
    """Groups carry `scale`, their share of the rate. Biases and norms do not decay."""
    backbone = model.backbone if isinstance(model, Net) else None
    if backbone is not None and recipe.layer_decay < 1 and hasattr(backbone, "group_matcher"):
        groups = param_groups_layer_decay(
            backbone,
            recipe.weight_decay,
            layer_decay=recipe.layer_decay,
            no_weight_decay_list=exempt(backbone),
        )
        chosen = [
            {"params": g["params"], "weight_decay": g["weight_decay"], "scale": g["lr_scale"]} for g in groups
        ]
    else:
        learning = [p for p in model.parameters() if p.requires_grad]
        chosen = [
            {
                "params": [p for p in learning if p.ndim > 1],
                "weight_decay": recipe.weight_decay,
                "scale": 1.0,
            },
            {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0, "scale": 1.0},
        ]
    return torch.optim.AdamW([g for g in chosen if g["params"]], lr=recipe.lr)


def exempt(backbone: nn.Module) -> list[str]:
    named = getattr(backbone, "no_weight_decay", None)
    return list(named()) if callable(named) else []


def learning_rate(step: int, steps: int, recipe: Optimizer) -> float:
    """Rises in a straight line, then falls as a cosine to a hundredth."""
    rising = max(1, round(recipe.warm_up * steps))
    if step < rising:
        return recipe.lr * (step + 1) / rising
    share = (step - rising) / max(1, steps - rising)
    return recipe.lr * (0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2)
