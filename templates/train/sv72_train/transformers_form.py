"""The weights as transformers' image-classification pipeline loads them (TimmWrapper): two classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import timm
import torch
from timm.models import save_for_hf

from sv72_train.backbones import PLAIN_WIDTHS, SIZE, Card, options
from sv72_train.model import Net

LABELS = ["None", "Roadwork"]


def save_for_transformers(net: Net, card: Card, bias: float, temperature: float, folder: Path) -> bool:
    """Writes model.safetensors and config.json; only models of timm have such a form.

    The logit z = (w x + b - bias) / temperature becomes the logits 0 and z, so the softmax of the second is
    the calibrated probability.
    """
    if card.id in PLAIN_WIDTHS:
        return False
    model: Any = timm.create_model(card.id, pretrained=False, num_classes=2, **options(card.id, 0.0))
    single, state = net.backbone.state_dict(), model.state_dict()
    state |= {name: value for name, value in single.items() if value.shape == state[name].shape}
    model.load_state_dict(state)
    head = model.get_classifier()
    with torch.no_grad():
        head.weight.zero_()
        head.bias.zero_()
        head.weight[1] = net.head.weight[0].cpu() / temperature
        head.bias[1] = (net.head.bias[0].cpu() - bias) / temperature
    cfg = {"input_size": (3, SIZE, SIZE), "crop_pct": 1.0, "interpolation": "bilinear"}
    model.pretrained_cfg = {**model.pretrained_cfg, **cfg}
    folder.mkdir(parents=True, exist_ok=True)
    save_for_hf(model.eval(), str(folder), model_config={"label_names": LABELS}, safe_serialization=True)
    (folder / "model.safetensors").chmod(0o644)
    return True
