"""Smaller and faster forms of an ONNX classifier: `python -m sv72_train.quantize --to int8-static …`.

Needs onnx, onnxruntime and numpy only. Whether the result is as good is decided elsewhere, on pictures.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import platform
import sys
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import onnx
from numpy.typing import NDArray

from sv72_train import graph
from sv72_train.fp16 import autocast, to_fp16
from sv72_train.progress import Meter, TrainError, emit, log, warn
from sv72_train.ranges import from_zero

METHODS = {"percentile": "Percentile", "minmax": "MinMax", "entropy": "Entropy"}
WITH_WEIGHTS = frozenset(["Conv", "ConvTranspose", "Gemm", "MatMul"])
CHUNK = 8
"""Pictures whose activations are in memory at once: those of all of them would take tens of gigabytes."""


class Pictures:
    """Feeds calibration pictures in the way that onnxruntime's calibration asks for them."""

    def __init__(self, name: str, pictures: NDArray[np.generic], batch: int, stdout: TextIO) -> None:
        self.name, self.pictures, self.batch, self.stdout = name, pictures, batch, stdout
        self.at, self.end = 0, len(pictures)
        self.meter = Meter("calibrate", len(pictures), "pictures")

    def __len__(self) -> int:
        return len(self.pictures)

    def set_range(self, start_index: int, end_index: int) -> None:
        self.at, self.end = start_index, end_index

    def get_next(self) -> dict[str, NDArray[np.generic]] | None:
        if self.at >= self.end:
            return None
        part = np.ascontiguousarray(self.pictures[self.at : min(self.at + self.batch, self.end)])
        self.at += len(part)
        # onnxruntime prints on stdout, which is kept from it; what is said here belongs there.
        with contextlib.redirect_stdout(self.stdout):
            self.meter.add(self.at, len(part))
        return {self.name: part}


def int8_static(
    source: Path,
    target: Path,
    pictures: NDArray[np.generic],
    method: str = "percentile",
    reduce_range: bool = False,
) -> None:
    """Weights as signed bytes by channel, activations as unsigned bytes in ranges of the pictures."""
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    model = graph.load(source)
    name, batch = input_of(model)
    chunk = batch or CHUNK
    usable = pictures[: len(pictures) - len(pictures) % chunk]
    if len(usable) == 0:
        raise TrainError("calibration", f"{len(pictures)} calibration pictures are too few, it takes {chunk}")
    with quiet() as stdout, from_zero():
        quantize_static(
            # By its path, onnxruntime writes beside it, into a bundle that may be read-only.
            model,
            str(target),
            Pictures(name, usable, chunk, stdout),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
            calibrate_method=CalibrationMethod[METHODS[method]],
            nodes_to_exclude=tail(model),
            # Its name aside it works for every method.
            extra_options={"CalibStridedMinMax": chunk},
        )


def int8_dynamic(source: Path, target: Path, reduce_range: bool = False) -> None:
    """Weights of MatMul and Gemm as signed bytes; activations are measured as they come.

    Convolutions are left alone: they would get several times slower.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = graph.load(source)
    if not any(node.op_type in ("MatMul", "Gemm") for node in model.graph.node):
        raise TrainError("nothing", "the graph has no MatMul or Gemm; for convolutions there is int8-static")
    with quiet():
        quantize_dynamic(
            model,
            str(target),
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
        )


def input_of(model: onnx.ModelProto) -> tuple[str, int]:
    """The name of the only input, and its batch size (0: free)."""
    initial = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in initial]
    if len(inputs) != 1:
        raise TrainError("graph", f"the graph has {len(inputs)} inputs; a classifier has one")
    return inputs[0].name, inputs[0].type.tensor_type.shape.dim[0].dim_value


def tail(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes after the last layer with weights.

    They turn a logit into a probability and cost nothing; a byte is too coarse for that around 0.5.
    """
    makers = {output: node for node in model.graph.node for output in node.output}
    names: list[str] = []
    values = [output.name for output in model.graph.output]
    seen: set[str] = set()
    while values:
        node = makers.get(values.pop())
        if node is None or node.name in seen or node.op_type in WITH_WEIGHTS:
            continue
        seen.add(node.name)
        names.append(node.name)
        values.extend(node.input)
    return names


@contextlib.contextmanager
def quiet() -> Any:  # noqa: ANN401 (a generator for contextmanager)
    """Keeps stdout for records while a library prints; gives the real one."""
    stdout = sys.stdout
    logging.getLogger().setLevel(logging.ERROR)
    with contextlib.redirect_stdout(sys.stderr):
        yield stdout


def run(options: argparse.Namespace) -> dict[str, object]:
    source, target = Path(options.model), Path(options.out)
    before = graph.load(source)
    pictures = None if options.calibration is None else np.load(options.calibration, mmap_mode="r")
    log(f"{source.name}: {len(before.graph.node)} nodes, to {options.to}")
    emit("progress", phase="convert", message=f"making {options.to}")
    tools = {"python": platform.python_version()}
    if options.to == "fp16" and options.autocast:
        if pictures is None:
            raise TrainError("calibration", "AutoCast needs calibration pictures")
        tools |= autocast(source, target, pictures, input_of(before)[0])
    elif options.to == "fp16":
        tools |= to_fp16(source, target)
    elif options.to == "int8-dynamic":
        int8_dynamic(source, target, options.reduce_range)
        tools |= graph.versions("onnx", "onnxruntime", "numpy")
    else:
        if pictures is None:
            raise TrainError("calibration", "int8-static needs calibration pictures")
        int8_static(source, target, pictures, options.method, options.reduce_range)
        tools |= graph.versions("onnx", "onnxruntime", "numpy")
    graph.check_interface(before, target)
    made = graph.describe(target)
    if made["operators"] == graph.describe(source)["operators"] and options.to != "fp16":
        warn("nothing in the graph could be quantized")
    return {"to": options.to, "source": graph.describe(source), "made": made, "tools": tools}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sv72_train.quantize", description=__doc__)
    parser.add_argument("--to", required=True, choices=["int8-dynamic", "int8-static", "fp16"])
    parser.add_argument("--model", required=True, help="the graph to start from")
    parser.add_argument("--out", required=True, help="where the new graph goes")
    parser.add_argument("--calibration", help="pictures as the graph takes them: a .npy array")
    parser.add_argument("--method", choices=sorted(METHODS), default="percentile")
    parser.add_argument("--reduce-range", action="store_true", help="7 bits, for CPUs without VNNI")
    parser.add_argument("--autocast", action="store_true", help="fp16 by ModelOpt")
    options = parser.parse_args(words)
    try:
        emit("result", **run(options))
    except TrainError as error:
        emit("result", error={"code": error.code, "message": str(error)})
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
