"""Engines are built with flags that TensorRT 11 knows, proved to be what they say, and asked for answers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from sv72_train.npy import Rows
from sv72_train.quantize import main as quantize
from sv72_train.trt_build import main
from sv72_train.trtexec import Trtexec, precisions, read_version
from tests.test_quantize import SIDE, answers, pictures, records, small_net


@pytest.fixture(autouse=True)
def trtexec(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program on its own: trtexec is called by its path alone."""
    program = tmp_path / "trtexec"
    fake = Path(__file__).with_name("fake_trtexec.py")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n')
    os.chmod(program, 0o755)
    monkeypatch.setenv("TRTEXEC", str(program))


def words(folder: Path, onnx: Path, precision: str) -> list[str]:
    return [
        *("--onnx", str(onnx), "--out", str(folder), "--input", "image", "--shape", f"{SIDE}x{SIDE}x3"),
        *("--batches", "1,4,8", "--precision", precision, "--timing-cache", str(folder / "timing.cache")),
    ]


def test_an_engine_is_built_proved_and_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph, half = small_net(tmp_path / "model.onnx"), tmp_path / "half.onnx"
    assert quantize(["--to", "fp16", "--model", str(graph), "--out", str(half)]) == 0
    np.save(tmp_path / "pictures.npy", pictures(19))
    given = [*words(tmp_path, half, "fp16"), "--pictures", str(tmp_path / "pictures.npy")]
    assert main(given) == 0
    said = records(capsys.readouterr().out)[-1]
    assert said["tensorrt"] == "11.4.0"
    assert said["layers"] == {"half": 3, "full": 1, "other": 0}
    assert said["latencyMs"] == 0.3
    assert said["answers"] == 19
    values = json.loads((tmp_path / "answers.json").read_text())
    assert np.allclose(values, answers(half, pictures(19))[:, 0], atol=1e-6)


@pytest.mark.parametrize(("precision", "code"), [("fp16", "precision"), ("fp32", None)])
def test_an_engine_that_is_not_what_was_asked_for_is_refused(
    precision: str, code: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = small_net(tmp_path / "model.onnx")
    assert main(words(tmp_path, graph, precision)) == (0 if code is None else 1)
    error = records(capsys.readouterr().out)[-1].get("error")
    assert (error["code"] if isinstance(error, dict) else None) == code


def test_what_trtexec_refuses_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = small_net(tmp_path / "model.onnx")
    given = words(tmp_path, graph, "fp32")
    given[given.index("--shape") + 1] = "16"
    np.save(tmp_path / "pictures.npy", pictures(3))
    assert main([*given, "--pictures", str(tmp_path / "pictures.npy")]) == 1
    error = records(capsys.readouterr().out)[-1]["error"]
    assert error == {"code": "trtexec", "message": "trtexec failed: Input binding size mismatch"}


def test_the_flags_of_tensorrt_10_are_not_used() -> None:
    tool = Trtexec.find()
    for flag in ("--fp16", "--best", "--workspace=4096"):
        with pytest.raises(Exception, match="Unknown option"):
            tool.run("--onnx=x", flag)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("[TensorRT v110400] [b23]", (11, 4, 0)),
        ("[TensorRT v100304]", (10, 3, 4)),
        ("TensorRT v8601", (8, 6, 1)),
    ],
)
def test_versions(text: str, version: tuple[int, int, int]) -> None:
    assert read_version(text) == version


def test_precisions_are_read_as_inspectors_write_them() -> None:
    layers = [
        {"Outputs": [{"Format/Datatype": "Half"}]},
        {"Outputs": [{"Format/Datatype": "Channel major FP16 format where channel % 8 == 0"}]},
        {"Outputs": [{"Format/Datatype": "Row major linear FP32"}]},
        {"Outputs": [{"Format/Datatype": "Float"}]},
        {"Outputs": [{"Format/Datatype": "Int8"}]},
        "a layer of an engine without details",
    ]
    assert precisions(layers) == {"half": 2, "full": 2, "other": 2}


def test_the_last_batch_is_filled_up(tmp_path: Path) -> None:
    array = pictures(5)
    np.save(tmp_path / "a.npy", array)
    rows = Rows(tmp_path / "a.npy")
    assert (rows.count, rows.shape) == (5, [SIDE, SIDE, 3])
    assert rows.read(3, 4) == array[[3, 4, 4, 4]].tobytes()
