"""NVIDIA's trtexec: where it is, what it is told, how what it says is read.

Written for TensorRT 11, which has no precision flags any more: a graph is built in the precision it is in.
10 needs to be told that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sv72_train.progress import TrainError, log

PLACES = ("/usr/src/tensorrt/bin/trtexec", "/opt/tensorrt/bin/trtexec", "/workspace/tensorrt/bin/trtexec")
FAILED = 40
"""Lines of its output that go to the log when it fails."""


@dataclass(frozen=True)
class Profile:
    """Batch sizes that an engine is built for."""

    least: int
    best: int
    most: int


@dataclass(frozen=True)
class Input:
    name: str
    """Without the batch."""
    shape: tuple[int, ...]

    def at(self, batch: int) -> str:
        return f"{self.name}:{'x'.join(map(str, (batch, *self.shape)))}"


@dataclass(frozen=True)
class Trtexec:
    program: str
    """For example (11, 4, 0)."""
    version: tuple[int, int, int]

    @classmethod
    def find(cls) -> Trtexec:
        given = os.environ.get("TRTEXEC")
        found = given or shutil.which("trtexec") or next((p for p in PLACES if os.access(p, os.X_OK)), None)
        if found is None:
            raise TrainError("trtexec", "there is no trtexec here: use an image of NVIDIA's that has it")
        # Without a model it only says what it is.
        said = subprocess.run([found, "--help"], capture_output=True, text=True, check=False)
        return cls(found, read_version(said.stdout + said.stderr))

    def build(self, onnx: Path, plan: Path, input: Input, profile: Profile, cache: Path, mib: int) -> Any:  # noqa: ANN401 (JSON)
        """Builds an engine; returns the layers as its inspector lists them."""
        layers = plan.with_suffix(".layers.json")
        self.run(
            f"--onnx={onnx}",
            f"--saveEngine={plan}",
            f"--minShapes={input.at(profile.least)}",
            f"--optShapes={input.at(profile.best)}",
            f"--maxShapes={input.at(profile.most)}",
            f"--memPoolSize=workspace:{mib}",
            f"--timingCacheFile={cache}",
            "--builderOptimizationLevel=3",
            "--profilingVerbosity=detailed",
            f"--exportLayerInfo={layers}",
            "--skipInference",
            *(["--stronglyTyped"] if self.version < (11, 0, 0) else []),
        )
        return json.loads(layers.read_text())["Layers"]

    def answer(self, plan: Path, input: Input, batch: int, pixels: Path, out: Path) -> list[float]:
        """The engine's output for one batch, flat."""
        self.run(
            f"--loadEngine={plan}",
            f"--shapes={input.at(batch)}",
            f"--loadInputs={input.name}:{pixels}",
            f"--exportOutput={out}",
            *("--warmUp=0", "--duration=0", "--iterations=1"),
        )
        return [float(value) for value in json.loads(out.read_text())[0]["values"]]

    def latency(self, plan: Path, input: Input, out: Path) -> float:
        """Median of one picture through the engine and back, ms."""
        self.run(
            f"--loadEngine={plan}",
            f"--shapes={input.at(1)}",
            f"--exportTimes={out}",
            *("--warmUp=300", "--duration=2"),
        )
        return statistics.median(float(row["latencyMs"]) for row in json.loads(out.read_text()))

    def run(self, *words: str) -> None:
        done = subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        lines = (done.stdout + done.stderr).splitlines()
        for line in lines[-FAILED:]:
            log(line)
        why = next((line for line in lines if "[E]" in line), lines[-1] if lines else "it said nothing")
        raise TrainError("trtexec", f"trtexec failed: {why.split('[E]')[-1].strip()[:300]}")


def read_version(text: str) -> tuple[int, int, int]:
    """`[TensorRT v110400]` is 11.4.0; before 10 there was a digit less: `v8601` is 8.6.1."""
    found = re.search(r"TensorRT[. ]v(\d{4,6})\b", text)
    if found is None:
        raise TrainError("trtexec", "trtexec does not say its version")
    number = int(found[1])
    if number < 10000:
        return number // 1000, number // 100 % 10, number % 100
    return number // 10000, number // 100 % 100, number % 100


HALF = re.compile(r"\b(half|fp16|float16)\b", re.IGNORECASE)
FULL = re.compile(r"\b(float|fp32|float32)\b", re.IGNORECASE)


def precisions(layers: list[Any]) -> dict[str, int]:
    """Layers that give half and full precision, by what the inspector says of their outputs."""
    counts = {"half": 0, "full": 0, "other": 0}
    for layer in layers:
        outputs = layer.get("Outputs", []) if isinstance(layer, dict) else []
        said = " ".join(str(output.get("Format/Datatype", "")) for output in outputs)
        counts["half" if HALF.search(said) else "full" if FULL.search(said) else "other"] += 1
    return counts
