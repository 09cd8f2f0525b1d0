"""The network between its pixels and its logit, and what is served of it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from sv72_train.backbones import SIZE, Card


class Net(nn.Module):
    """Pixels (batch, side, side, 3) uint8 to one logit each: normalises, then the backbone."""

    def __init__(self, backbone: nn.Module, card: Card) -> None:
        super().__init__()
        self.backbone = backbone
        self.scale: Tensor
        self.shift: Tensor
        std = torch.tensor(card.std) * 255
        self.register_buffer("scale", (1 / std).view(1, 3, 1, 1), persistent=False)
        self.register_buffer(
            "shift", (torch.tensor(card.mean) * 255 / std).view(1, 3, 1, 1), persistent=False
        )

    def normalise(self, pixels: Tensor) -> Tensor:
        planes = pixels.permute(0, 3, 1, 2).float() * self.scale - self.shift
        return planes.contiguous(memory_format=torch.channels_last)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.backbone(self.normalise(pixels)).squeeze(1)

    def features(self, pixels: Tensor) -> Tensor:
        """What the head sees."""
        planes = self.normalise(pixels)
        backbone: Any = self.backbone
        return backbone.forward_head(backbone.forward_features(planes), pre_logits=True)

    @property
    def head(self) -> nn.Linear:
        backbone: Any = self.backbone
        return backbone.get_classifier()


class Head(nn.Module):
    """The head alone, on features that were computed once."""

    def __init__(self, head: nn.Linear) -> None:
        super().__init__()
        self.head = head

    def forward(self, features: Tensor) -> Tensor:
        return self.head(features.float()).squeeze(1)


class Served(nn.Module):
    """What is exported: uint8 NHWC 224 x 224 in, calibrated probability (batch, 1) out."""

    def __init__(self, net: Net, side: int, bias: float, temperature: float) -> None:
        super().__init__()
        self.backbone = net.backbone
        self.pool = SIZE // side
        self.scale: Tensor
        self.shift: Tensor
        self.bias: Tensor
        self.temperature: Tensor
        self.register_buffer("scale", net.scale.clone())
        self.register_buffer("shift", net.shift.clone())
        self.register_buffer("bias", torch.tensor(bias))
        self.register_buffer("temperature", torch.tensor(temperature))

    def forward(self, image: Tensor) -> Tensor:
        pixels = image.permute(0, 3, 1, 2).float()
        if self.pool > 1:
            pixels = nn.functional.avg_pool2d(pixels, self.pool)
        logit = self.backbone(pixels * self.scale - self.shift)
        return torch.sigmoid((logit - self.bias) / self.temperature)
