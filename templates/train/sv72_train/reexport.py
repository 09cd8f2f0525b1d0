"""The ONNX graph of trained weights: `python -m sv72_train.reexport --from FOLDER --out model.onnx`.

FOLDER is a bundle of `train`, the folder of a run (also of one that was stopped), or a model of timm in the
form of transformers (config.json and model.safetensors) whose classes are none and roadwork.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timm
import torch
from torch import Tensor, nn

from sv72_train import checkpoint
from sv72_train.backbones import SIZE, options
from sv72_train.export import export_onnx
from sv72_train.model import Net, Served
from sv72_train.progress import TrainError, emit, warn
from sv72_train.recipe import Backbone, read_recipe
from sv72_train.weights import first_net, load_ours, read


@dataclass(frozen=True)
class Found:
    model: nn.Module
    """What it was made from, for people."""
    what: str
    """Of the logit; None where it is not known."""
    bias: float | None
    temperature: float | None


class TwoClasses(nn.Module):
    """A classifier of none and roadwork, or of roadwork alone, as what is served."""

    def __init__(self, model: nn.Module, mean: list[float], std: list[float], positive: int) -> None:
        super().__init__()
        self.model, self.positive = model, positive
        self.scale: Tensor
        self.shift: Tensor
        deviation = torch.tensor(std) * 255
        self.register_buffer("scale", (1 / deviation).view(1, 3, 1, 1))
        self.register_buffer("shift", (torch.tensor(mean) * 255 / deviation).view(1, 3, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        planes = image.permute(0, 3, 1, 2).float() * self.scale - self.shift
        logits = self.model(planes)
        if logits.shape[1] == 1:
            return torch.sigmoid(logits)
        positive, other = self.positive, 1 - self.positive
        return torch.sigmoid(logits[:, positive : positive + 1] - logits[:, other : other + 1])


def find(folder: Path) -> Found:
    for place in (folder / "checkpoint", folder):
        if (place / "config.json").exists() and (place / "model.safetensors").exists():
            return of_transformers(place)
    for place in (folder / "training", folder):
        if (place / "weights.safetensors").exists() and (place / "metrics.json").exists():
            return of_weights(place)
    if (folder / "checkpoint.pt").exists() and (folder / "recipe.json").exists():
        return of_run(folder)
    raise TrainError(
        "checkpoint", "there are no weights: neither model.safetensors, weights.safetensors nor checkpoint.pt"
    )


def of_transformers(folder: Path) -> Found:
    config = read_json(folder / "config.json")
    labels = [str(label).lower() for label in config.get("label_names") or []]
    cfg, name, classes = config["pretrained_cfg"], str(config["architecture"]), int(config["num_classes"])
    if classes not in (1, 2):
        raise TrainError("checkpoint", f"the model has {classes} classes; roadwork or not are two")
    given = {key: value for key, value in (config.get("model_args") or {}).items() if key != "num_classes"}
    try:
        model = timm.create_model(name, pretrained=False, num_classes=classes, **(options(name, 0.0) | given))
        model.load_state_dict(read(folder / "model.safetensors"))
    except (RuntimeError, TypeError) as error:
        raise TrainError("checkpoint", f"the weights do not fit {name}: {str(error)[:200]}") from error
    size = list(cfg.get("input_size", (3, SIZE, SIZE)))[1:]
    if size != [SIZE, SIZE]:
        warn(f"the model was made for pictures of {size[1]} x {size[0]}; the graph takes {SIZE} x {SIZE}")
    positive = labels.index("roadwork") if "roadwork" in labels else 1
    return Found(TwoClasses(model, cfg["mean"], cfg["std"], positive), name, None, None)


def of_weights(folder: Path) -> Found:
    metrics = read_json(folder / "metrics.json")
    card, calibration = metrics["backbone"], metrics["calibration"]
    net, side = untrained(str(card["id"]))
    load_ours(net, folder / "weights.safetensors")
    bias, temperature = float(calibration["bias"]), float(calibration["temperature"])
    return Found(Served(net, side, bias, temperature), str(card["id"]), bias, temperature)


def of_run(folder: Path) -> Found:
    recipe = read_recipe(folder / "recipe.json")
    state = checkpoint.load(folder / "checkpoint.pt", {"recipe": recipe.fingerprint()})
    if recipe.kind in ("head", "lora"):
        raise TrainError(
            "checkpoint", f"a {recipe.kind} that was stopped is not a whole model: finish the run"
        )
    net, side = untrained(recipe.backbone.id)
    net.load_state_dict(state["best"] or state["average"])
    warn("the run was stopped before its probabilities were calibrated")
    return Found(Served(net, side, 0.0, 1.0), recipe.backbone.id, 0.0, 1.0)


def untrained(name: str) -> tuple[Net, int]:
    net, card = first_net(Backbone(name, pretrained=False), None, 0)
    return net, card.side


def read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise TrainError("checkpoint", f"{path.name} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise TrainError("checkpoint", f"{path.name} is not what a checkpoint has")
    return value


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sv72_train.reexport", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(words)
    try:
        emit("progress", phase="export")
        found = find(given.folder)
        export_onnx(found.model, given.out)
        emit("result", what=found.what, bias=found.bias, temperature=found.temperature)
    except (TrainError, KeyError) as error:
        code = error.code if isinstance(error, TrainError) else "checkpoint"
        message = str(error) if isinstance(error, TrainError) else f"the checkpoint does not say its {error}"
        emit("result", error={"code": code, "message": message})
        print(message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
