"""Low-rank adapters (Hu and others, 2021): a few per cent of the weights learn, then melt into the rest."""

from __future__ import annotations

import math
import re

import torch
from torch import Tensor, nn

from sv72_train.progress import TrainError
from sv72_train.recipe import Lora


class Adapted(nn.Module):
    """A frozen linear layer plus scale · B A x. B begins at zero, so nothing changes at first."""

    def __init__(self, base: nn.Linear, lora: Lora) -> None:
        super().__init__()
        self.base = base
        self.scale = lora.alpha / lora.rank
        self.dropout = nn.Dropout(lora.dropout)
        self.down = nn.Parameter(torch.empty(lora.rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, lora.rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        low = nn.functional.linear(self.dropout(x), self.down)
        return self.base(x) + self.scale * nn.functional.linear(low, self.up)

    def merged(self) -> nn.Linear:
        with torch.no_grad():
            self.base.weight += self.scale * (self.up @ self.down)
        return self.base


def adapt(backbone: nn.Module, head: nn.Module, lora: Lora) -> None:
    """Freezes all but the head and puts an adapter beside every linear layer whose name matches."""
    backbone.requires_grad_(False)
    head.requires_grad_(True)
    wanted = re.compile(lora.targets)
    found = {
        name: module
        for name, module in backbone.named_modules()
        if isinstance(module, nn.Linear) and module is not head and wanted.fullmatch(name)
    }
    if not found:
        raise TrainError("recipe", f"no linear layer of the backbone matches {lora.targets}")
    for name, module in found.items():
        put(backbone, name, Adapted(module, lora))


def merge(backbone: nn.Module) -> None:
    for name, module in list(backbone.named_modules()):
        if isinstance(module, Adapted):
            put(backbone, name, module.merged())


def put(root: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, last = name.rpartition(".")
    setattr(root.get_submodule(parent), last, module)
