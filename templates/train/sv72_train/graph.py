"""ONNX graphs as they are read and written here, and what is said about them."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from importlib import metadata
from pathlib import Path

import onnx

from sv72_train.progress import TrainError

LARGEST = 2_000_000_000
"""A protobuf holds no more; sv72 keeps a graph in one file."""


def load(path: Path) -> onnx.ModelProto:
    """The graph, without the exporter's notes about shapes: they contradict what quantization makes of it."""
    try:
        model = onnx.load(path)
    except Exception as error:  # protobuf has its own exceptions
        raise TrainError("graph", f"{path.name} is not an ONNX graph: {error}") from error
    del model.graph.value_info[:]
    return model


def save(model: onnx.ModelProto, path: Path) -> None:
    if model.ByteSize() > LARGEST:
        raise TrainError("graph", f"the graph has {model.ByteSize()} bytes, more than one file can hold")
    onnx.save(model, path)


def check_interface(before: onnx.ModelProto, path: Path) -> None:
    """A variant takes the place of its source only if it is called the same way."""
    after = onnx.load(path, load_external_data=False)
    if interface(before) != interface(after):
        raise TrainError("graph", f"the new graph has another interface: {interface(after)}")


def interface(model: onnx.ModelProto) -> list[tuple[str, int, int]]:
    initial = {tensor.name for tensor in model.graph.initializer}
    values = [*(v for v in model.graph.input if v.name not in initial), *model.graph.output]
    return [(v.name, v.type.tensor_type.elem_type, len(v.type.tensor_type.shape.dim)) for v in values]


def describe(path: Path) -> dict[str, object]:
    """Size, hash and operators of a graph's file."""
    model = onnx.load(path, load_external_data=False)
    return {
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "nodes": len(model.graph.node),
        "operators": dict(Counter(node.op_type for node in model.graph.node)),
    }


def versions(*packages: str) -> dict[str, str]:
    """Of installed packages; some environments have the builds for GPUs, which are called otherwise."""
    found: dict[str, str] = {}
    for name in packages:
        for called in (name, f"{name}-gpu"):
            with contextlib.suppress(metadata.PackageNotFoundError):
                found.setdefault(name, metadata.version(called))
    return found
