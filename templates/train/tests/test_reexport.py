"""Weights that were trained before give the graph that they gave then."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from sv72_train.backbones import Card
from sv72_train.export import open_graph, run_graph
from sv72_train.model import Net, Served
from sv72_train.recipe import Backbone
from sv72_train.reexport import main
from sv72_train.transformers_form import save_for_transformers
from sv72_train.weights import first_net, save_weights

BIAS, TEMPERATURE = 0.3, 1.7


def trained(name: str) -> tuple[Net, Card]:
    net, card = first_net(Backbone(name, pretrained=False), None, 1)
    return net.eval(), card


def check(net: Net, card: Card, folder: Path, out: Path, within: float) -> None:
    assert main(["--from", str(folder), "--out", str(out)]) == 0
    images = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    with torch.inference_mode():
        expected = Served(net, card.side, BIAS, TEMPERATURE)(torch.from_numpy(images)).numpy().reshape(-1)
    assert np.abs(run_graph(open_graph(out), images) - expected).max() < within


def test_a_bundle_with_the_weights_of_timm(tmp_path: Path) -> None:
    net, card = trained("test_vit")
    assert save_for_transformers(net, card, BIAS, TEMPERATURE, tmp_path / "checkpoint")
    check(net, card, tmp_path, tmp_path / "again.onnx", 1e-5)
    check(net, card, tmp_path / "checkpoint", tmp_path / "again.onnx", 1e-5)


def test_a_bundle_with_weights_of_our_own(tmp_path: Path) -> None:
    net, card = trained("plain-s")
    (tmp_path / "training").mkdir()
    save_weights(net, tmp_path / "training" / "weights.safetensors")
    metrics = {"backbone": asdict(card), "calibration": {"bias": BIAS, "temperature": TEMPERATURE}}
    (tmp_path / "training" / "metrics.json").write_text(json.dumps(metrics))
    check(net, card, tmp_path, tmp_path / "again.onnx", 1e-5)


@pytest.mark.parametrize("there", [{}, {"config.json": "{", "model.safetensors": "x"}])
def test_a_folder_without_weights_says_so(
    there: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in there.items():
        (tmp_path / name).write_text(text)
    assert main(["--from", str(tmp_path), "--out", str(tmp_path / "again.onnx")]) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["error"]["code"] == "checkpoint"
