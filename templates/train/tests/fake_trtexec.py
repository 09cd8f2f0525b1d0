#!/usr/bin/env python3
"""Stands in for trtexec 11: knows its flags and no others; onnxruntime runs its "engines" on the CPU."""

import base64
import json
import re
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

VERSION = "110400"
BUILD = {
    *("onnx", "saveEngine", "minShapes", "optShapes", "maxShapes", "memPoolSize", "timingCacheFile"),
    *("builderOptimizationLevel", "profilingVerbosity", "exportLayerInfo", "skipInference"),
}
RUN = {
    *("loadEngine", "shapes", "loadInputs", "exportOutput", "exportTimes", "warmUp", "duration", "iterations")
}


def fail(message: str) -> None:
    print(f"[11/21/2026-09:00:00] [E] {message}")
    print(f"&&&& FAILED TensorRT.trtexec [TensorRT v{VERSION}]")
    sys.exit(1)


def shapes(text: str) -> tuple[str, tuple[int, ...]]:
    found = re.fullmatch(r"(\w+):(\d+(?:x\d+)*)", text)
    if found is None:
        fail(f"Invalid shape {text}")
    return found[1], tuple(int(side) for side in found[2].split("x"))


def build(given: dict[str, str]) -> None:
    if not re.fullmatch(r"workspace:\d+", given["memPoolSize"]) or "skipInference" not in given:
        fail("Invalid options")
    data = Path(given["onnx"]).read_bytes()
    profile = [shapes(given[f"{which}Shapes"])[1] for which in ("min", "opt", "max")]
    Path(given["saveEngine"]).write_text(json.dumps([base64.b64encode(data).decode(), profile]))
    Path(given["timingCacheFile"]).write_bytes(b"timings")
    half = any(t.data_type == onnx.TensorProto.FLOAT16 for t in onnx.load_from_string(data).graph.initializer)
    kind = "Row major linear FP16 format" if half else "Row major linear FP32"
    layers = [
        {"Name": name, "Outputs": [{"Name": "x", "Format/Datatype": kind}]}
        for name in ("conv", "relu", "mean")
    ]
    layers.append(
        {"Name": "last", "Outputs": [{"Name": "roadwork", "Format/Datatype": "Row major linear FP32"}]}
    )
    Path(given["exportLayerInfo"]).write_text(
        json.dumps({"Layers": layers, "Bindings": ["image", "roadwork"]})
    )


def run(given: dict[str, str]) -> None:
    data, (least, _, most) = json.loads(Path(given["loadEngine"]).read_text())
    name, shape = shapes(given["shapes"])
    if not all(a <= side <= b for a, side, b in zip(least, shape, most, strict=True)):
        fail("Shape is outside of the profile")
    session = ort.InferenceSession(base64.b64decode(data), providers=["CPUExecutionProvider"])
    pixels = np.zeros(shape, np.uint8)
    if "loadInputs" in given:
        read_name, path = given["loadInputs"].split(":", 1)
        pixels = np.fromfile(path, np.uint8)
        if read_name != name or pixels.size != np.prod(shape):
            fail("Input binding size mismatch")
        pixels = pixels.reshape(shape)
    (output,) = session.run(None, {name: pixels})
    if "exportOutput" in given:
        dims = "x".join(map(str, output.shape))
        rows = [{"name": "roadwork", "dimensions": dims, "values": [float(v) for v in output.ravel()]}]
        Path(given["exportOutput"]).write_text(json.dumps(rows))
    if "exportTimes" in given:
        Path(given["exportTimes"]).write_text(json.dumps([{"latencyMs": v} for v in (0.3, 0.2, 0.9)]))


def main() -> None:
    print(f"&&&& RUNNING TensorRT.trtexec [TensorRT v{VERSION}] [b23] # trtexec {' '.join(sys.argv[1:])}")
    if sys.argv[1:] == ["--help"]:
        return
    given = dict(word.removeprefix("--").partition("=")[::2] for word in sys.argv[1:])
    known = BUILD if "onnx" in given else RUN
    for name in given:
        if name not in known:
            fail(f"Unknown option: --{name}")
    build(given) if "onnx" in given else run(given)


main()
