"""What a model is built on: this package's own small nets, trained from nothing, or any timm model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import timm
import torch
from torch import Tensor, nn

from sv72_train.progress import TrainError

SIZE = 224

PLAIN_WIDTHS = {"plain-s": (12, 24, 48, 64, 96), "plain-m": (16, 32, 64, 96, 128)}


@dataclass(frozen=True)
class Card:
    """What is known of a backbone before it is trained."""

    id: str
    parameters: int
    licence: str
    """Whether the licence binds what is made from the weights, so that its text has to go along."""
    binds: bool
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    """Side of the square that the backbone looks at, pixels."""
    side: int
    """Repository on the Hub that holds its weights."""
    hub_id: str | None


class Plain(nn.Module):
    """Plain 3x3 convolutions at 112 pixels: on a CPU they train several times faster than depthwise nets.

    `plain-s` has 0.10 M parameters, `plain-m` 0.47 M (one more convolution after each of the last four).
    The same nets as the demonstration model's.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        widths = PLAIN_WIDTHS[name]
        blocks: list[nn.Module] = []
        before = 3
        for i, width in enumerate(widths):
            blocks.append(self.block(before, width, 1 if i == len(widths) - 1 else 2))
            if name == "plain-m" and i > 0:
                blocks.append(self.block(width, width, 1))
            before = width
        self.body = nn.Sequential(*blocks)
        self.head = nn.Linear(2 * before, 1)

    @staticmethod
    def block(inputs: int, outputs: int, stride: int) -> nn.Sequential:
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )

    def forward_features(self, pixels: Tensor) -> Tensor:
        return self.body(pixels)

    def forward_head(self, maps: Tensor, pre_logits: bool = False) -> Tensor:
        pooled = torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1)
        return pooled if pre_logits else self.head(pooled)

    def get_classifier(self) -> nn.Linear:
        return self.head

    def forward(self, pixels: Tensor) -> Tensor:
        return self.forward_head(self.forward_features(pixels))


def build_backbone(name: str, *, pretrained: bool = False, drop_path: float = 0.0) -> tuple[nn.Module, Card]:
    """From normalised pixels to one logit, and its card. `pretrained`: with weights from the Hub."""
    if name in PLAIN_WIDTHS:
        if pretrained:
            raise TrainError("backbone", f"{name} has no trained weights: it is trained from nothing")
        net = Plain(name)
        mean, std = 110 / 255, 64 / 255
        card = Card(name, count(net), "Apache-2.0", False, (mean,) * 3, (std,) * 3, SIZE // 2, None)
        return net, card
    if not timm.is_model(name.split(".")[0]):
        raise TrainError("backbone", f"timm {timm.__version__} has no model {name}")
    try:
        model: Any = timm.create_model(name, pretrained=pretrained, num_classes=1, **options(name, drop_path))
    except Exception as error:
        what = "weights could not be fetched" if pretrained else "it could not be built"
        raise TrainError(
            "weights" if pretrained else "backbone", f"{name}: {what} ({short(error)})"
        ) from error
    if not isinstance(model.get_classifier(), nn.Linear):
        raise TrainError("backbone", f"{name} has no linear classifier to replace")
    cfg = model.pretrained_cfg
    licence = str(cfg.get("license") or "unknown")
    return model, Card(
        id=name,
        parameters=count(model),
        licence=licence,
        binds=binds(licence),
        mean=tuple(cfg["mean"]),
        std=tuple(cfg["std"]),
        side=SIZE,
        hub_id=cfg.get("hf_hub_id") or (f"timm/{name}" if "." in name else None),
    )


def options(name: str, drop_path: float) -> dict[str, Any]:
    """What `create_model` is told: 224 pixels where a transformer has to know, and drop path where wanted."""
    chosen: dict[str, Any] = {"drop_path_rate": drop_path} if drop_path > 0 else {}
    with torch.device("meta"):
        model = timm.create_model(name, pretrained=False, num_classes=0)
    if hasattr(model, "patch_embed") and hasattr(model, "set_input_size"):
        chosen["img_size"] = SIZE
    return chosen


def binds(licence: str) -> bool:
    """Permissive licences ask for a notice at most; all others are taken to bind derivatives."""
    return licence.lower() not in {
        "apache-2.0",
        "mit",
        "bsd-3-clause",
        "bsd-2-clause",
        "cc0-1.0",
        "cc-by-4.0",
    }


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
