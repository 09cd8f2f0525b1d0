"""Builds a TensorRT engine where it will be served, proves what it is, and answers pictures with it.

    python3 -m sv72_train.trt_build --onnx model.onnx --out FOLDER --input image --shape 224x224x3 …

Needs trtexec and a GPU, and nothing of Python but its standard library: the image is an inference server's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from sv72_train.npy import Rows
from sv72_train.progress import Meter, TrainError, emit, log
from sv72_train.trtexec import Input, Profile, Trtexec, precisions

MOSTLY = 0.5
"""Share of layers in half precision that makes an engine one of half precision."""


def build(options: argparse.Namespace) -> dict[str, object]:
    out = Path(options.out)
    graph_input = Input(options.input, tuple(int(side) for side in options.shape.split("x")))
    profile = Profile(*(int(size) for size in options.batches.split(",")))
    tool = Trtexec.find()
    version = ".".join(map(str, tool.version))
    log(f"TensorRT {version}: {tool.program}")
    emit("progress", phase="build", message=f"TensorRT {version}; this takes minutes")
    onnx, plan = Path(options.onnx), out / "model.plan"
    layers = tool.build(onnx, plan, graph_input, profile, Path(options.timing_cache), options.workspace)
    counts = prove(precisions(layers), plan, onnx, options.precision)
    answers = (
        None if options.pictures is None else answer_all(tool, plan, graph_input, profile.most, options, out)
    )
    emit("progress", phase="time", message="one picture at a time")
    latency = tool.latency(plan, graph_input, out / "times.json")
    return {
        "tensorrt": version,
        "bytes": plan.stat().st_size,
        "sha256": hashlib.sha256(plan.read_bytes()).hexdigest(),
        "layers": counts,
        "latencyMs": latency,
        "answers": answers,
    }


def prove(counts: dict[str, int], plan: Path, onnx: Path, precision: str) -> dict[str, int]:
    """An engine that was meant to be of half precision can come out in full precision without a word."""
    log(f"layers: {counts}; engine {plan.stat().st_size} bytes, graph {onnx.stat().st_size} bytes")
    known = counts["half"] + counts["full"]
    if known == 0:
        raise TrainError("precision", "the engine's inspector does not say in which precision its layers are")
    if precision == "fp16" and counts["half"] < MOSTLY * known:
        raise TrainError("precision", f"only {counts['half']} of {known} layers are of half precision")
    if precision == "fp32" and counts["half"] > 0:
        raise TrainError("precision", f"{counts['half']} of {known} layers are of half precision")
    return counts


def answer_all(
    tool: Trtexec, plan: Path, graph_input: Input, batch: int, options: argparse.Namespace, out: Path
) -> int:
    """Writes the output for every picture to answers.json, in their order; returns how many there are."""
    rows = Rows(Path(options.pictures))
    meter = Meter("answer", rows.count, "pictures")
    pixels, result = out / "batch.bin", out / "batch.json"
    values: list[float] = []
    for first in range(0, rows.count, batch):
        pixels.write_bytes(rows.read(first, batch))
        said = tool.answer(plan, graph_input, batch, pixels, result)
        each, here = len(said) // batch, min(batch, rows.count - first)
        values.extend(said[: each * here])
        meter.add(first + here, here)
    (out / "answers.json").write_text(json.dumps(values))
    return rows.count


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sv72_train.trt_build", description=__doc__)
    parser.add_argument("--onnx", required=True)
    parser.add_argument("--out", required=True, help="folder of the engine and the answers")
    parser.add_argument("--input", required=True, help="name of the graph's input")
    parser.add_argument("--shape", required=True, help="of one picture, for example 224x224x3")
    parser.add_argument("--batches", required=True, help="least, best and most pictures at once: 1,4,16")
    parser.add_argument("--precision", choices=("fp16", "fp32"), required=True, help="what the graph is in")
    parser.add_argument("--timing-cache", required=True)
    parser.add_argument("--workspace", type=int, default=4096, help="MiB")
    parser.add_argument("--pictures", help="to be answered: a .npy array as the graph takes it")
    try:
        emit("result", **build(parser.parse_args(words)))
    except TrainError as error:
        emit("result", error={"code": error.code, "message": str(error)})
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
