"""Quantized graphs answer like their source, and what cannot be quantized says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sv72_train.graph import interface
from sv72_train.quantize import int8_static, main, tail

SIDE = 16


def small_net(path: Path, *, gemm: bool = True, batch: int | str = "batch") -> Path:
    """uint8 pictures → a convolution → means → a logit → a probability; the weights separate nothing."""
    rng = np.random.default_rng(1)
    weights = {
        "kernel": rng.normal(size=(8, 3, 3, 3)).astype(np.float32),
        "matrix": rng.normal(size=(8, 1)).astype(np.float32),
        "scale": np.array(1 / 255, np.float32),
        "axes": np.array([2, 3], np.int64),
    }
    nodes = [
        helper.make_node("Transpose", ["image"], ["planes"], "transpose", perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["planes"], ["floats"], "cast", to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "scale"], ["pixels"], "normalise"),
        helper.make_node("Conv", ["pixels", "kernel"], ["maps"], "conv"),
        helper.make_node("Relu", ["maps"], ["active"], "relu"),
        helper.make_node("ReduceMean", ["active", "axes"], ["means"], "mean", keepdims=0),
    ]
    if gemm:
        nodes.append(helper.make_node("MatMul", ["means", "matrix"], ["logit"], "head"))
    else:
        del weights["matrix"]
        nodes.append(helper.make_node("ReduceMean", ["means"], ["logit"], "head", keepdims=1))
    nodes.append(helper.make_node("Sigmoid", ["logit"], ["roadwork"], "sigmoid"))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, [batch, SIDE, SIDE, 3])],
        [helper.make_tensor_value_info("roadwork", TensorProto.FLOAT, [batch, 1])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    # What torch's exporter leaves behind, and what once broke quantization.
    graph.value_info.append(helper.make_tensor_value_info("means", TensorProto.FLOAT, [1]))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, path)
    return path


def pictures(count: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def answers(path: Path, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["roadwork"], {"image": images})[0])


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("to", ["int8-static", "int8-dynamic", "fp16"])
def test_a_variant_answers_like_its_source(
    to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = small_net(tmp_path / "model.onnx"), tmp_path / f"{to}.onnx"
    np.save(tmp_path / "pictures.npy", pictures(32))
    words = ["--to", to, "--model", str(source), "--out", str(target)]
    assert main([*words, "--calibration", str(tmp_path / "pictures.npy")]) == 0
    said = records(capsys.readouterr().out)
    assert said[-1]["event"] == "result"
    assert {"source", "made", "tools"} <= said[-1].keys()
    assert said[-1]["made"] != said[-1]["source"]
    for count in (1, 3):
        unseen = pictures(count, seed=9)
        assert np.abs(answers(source, unseen) - answers(target, unseen)).max() < 0.03
    assert interface(onnx.load(source)) == interface(onnx.load(target))


@pytest.mark.parametrize("method", ["percentile", "minmax", "entropy"])
def test_every_way_of_calibrating_works(method: str, tmp_path: Path) -> None:
    source, target = small_net(tmp_path / "model.onnx"), tmp_path / "int8.onnx"
    int8_static(source, target, pictures(20), method)
    unseen = pictures(8, seed=9)
    assert np.abs(answers(source, unseen) - answers(target, unseen)).max() < 0.05


@pytest.mark.parametrize("method", ["percentile", "minmax", "entropy"])
def test_activations_that_are_all_but_constant_can_be_calibrated(method: str, tmp_path: Path) -> None:
    """As after a normalisation in a transformer: 1, and in the last place a little more."""
    source, target = small_net(tmp_path / "model.onnx"), tmp_path / "int8.onnx"
    model = onnx.load(source)
    nodes = list(model.graph.node)
    mean = next(index for index, node in enumerate(nodes) if node.name == "mean")
    nodes[mean].input[0] = "level"
    flat = [
        helper.make_node("Mul", ["active", "tiny"], ["ripple"], "ripple"),
        helper.make_node("Add", ["ripple", "one"], ["level"], "level"),
    ]
    del model.graph.node[:]
    model.graph.node.extend([*nodes[:mean], *flat, *nodes[mean:]])
    model.graph.initializer.append(numpy_helper.from_array(np.array(1e-7, np.float32), "tiny"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(1, np.float32), "one"))
    onnx.save(model, source)
    int8_static(source, target, pictures(20), method)
    unseen = pictures(8, seed=9)
    assert np.abs(answers(source, unseen) - answers(target, unseen)).max() < 0.05


@pytest.mark.parametrize("to", ["int8-static", "int8-dynamic", "fp16"])
def test_nothing_is_written_beside_the_source(to: str, tmp_path: Path) -> None:
    """In a container the bundle is read-only; nobody can make files where this path leads to."""
    target = tmp_path / "out.onnx"
    np.save(tmp_path / "pictures.npy", pictures(16))
    with small_net(tmp_path / "model.onnx").open("rb") as file:
        source = f"/proc/self/fd/{file.fileno()}"
        words = ["--to", to, "--model", source, "--out", str(target)]
        assert main([*words, "--calibration", str(tmp_path / "pictures.npy")]) == 0
    assert answers(target, pictures(2)).shape == (2, 1)


def test_a_fixed_batch_is_calibrated_in_its_own_size(tmp_path: Path) -> None:
    source, target = small_net(tmp_path / "model.onnx", batch=4), tmp_path / "int8.onnx"
    int8_static(source, target, pictures(10))
    assert answers(target, pictures(4)).shape == (4, 1)


def test_the_probability_is_not_made_of_bytes(tmp_path: Path) -> None:
    source, target = small_net(tmp_path / "model.onnx"), tmp_path / "int8.onnx"
    assert tail(onnx.load(source)) == ["sigmoid"]
    int8_static(source, target, pictures(16))
    last = onnx.load(target).graph
    maker = {output: node for node in last.node for output in node.output}
    assert maker[last.output[0].name].op_type == "Sigmoid"


@pytest.mark.parametrize(
    ("to", "change", "code"),
    [
        ("int8-dynamic", "no-gemm", "nothing"),
        ("int8-static", "few", "calibration"),
        ("int8-static", "none", "calibration"),
        ("fp16", "garbage", "graph"),
    ],
)
def test_what_cannot_be_made_is_said(
    to: str, change: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = small_net(tmp_path / "model.onnx", gemm=change != "no-gemm"), tmp_path / "out.onnx"
    if change == "garbage":
        source.write_bytes(b"not a graph")
    np.save(tmp_path / "pictures.npy", pictures(3))
    given = [] if change == "none" else ["--calibration", str(tmp_path / "pictures.npy")]
    assert main(["--to", to, "--model", str(source), "--out", str(target), *given]) == 1
    error = records(capsys.readouterr().out)[-1]["error"]
    assert isinstance(error, dict)
    assert error["code"] == code
