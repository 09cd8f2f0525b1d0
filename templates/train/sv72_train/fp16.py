"""Half precision made in the graph itself: TensorRT 11 and onnxruntime-node have no switch for it.

The input and the output keep their types. onnxconverter-common makes an invalid graph where the input is
uint8; onnxruntime's own converter and ModelOpt's AutoCast do not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sv72_train import graph
from sv72_train.progress import TrainError, log


def to_fp16(source: Path, target: Path) -> dict[str, str]:
    """Converts every float of the graph; returns the versions of what did it."""
    from onnxruntime.transformers.float16 import convert_float_to_float16

    model = graph.load(source)
    graph.save(convert_float_to_float16(model, keep_io_types=True), target)
    return graph.versions("onnx", "onnxruntime")


def autocast(source: Path, target: Path, pictures: NDArray[np.generic], name: str) -> dict[str, str]:
    """ModelOpt's AutoCast, which leaves in full precision what would overflow.

    It needs pictures: for a uint8 input it cannot invent any.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "pictures.npz"
        np.savez(data, allow_pickle=True, **{name: np.asarray(pictures[:16])})
        words = [
            *(sys.executable, "-m", "modelopt.onnx.autocast", "--keep_io_types", "--providers", "cpu"),
            *("--onnx_path", str(source), "--output_path", str(target), "--calibration_data", str(data)),
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    for line in (done.stdout + done.stderr).splitlines():
        log(line)
    if done.returncode != 0 or not target.exists():
        raise TrainError("autocast", "ModelOpt's AutoCast could not convert the graph; the log says why")
    return graph.versions("nvidia-modelopt", "onnx", "onnxruntime")
