"""The ONNX graph: everything inside, so that whoever serves it only has to bring the pixels."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray

from demo_trainer.network import Served

OPSET = 20
TOLERANCE = 1e-5


def export(model: Served, path: Path) -> None:
    """A graph from `image` uint8 [batch, 224, 224, 3] to `roadwork` float32 [batch, 1], batch 1 to 64."""
    example = torch.zeros((2, 224, 224, 3), dtype=torch.uint8)
    batch = torch.export.Dim("batch", min=1, max=64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            model.eval(),
            (example,),
            input_names=["image"],
            output_names=["roadwork"],
            dynamic_shapes=({0: batch},),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch.onnx.export returned nothing")
    program.save(str(path), external_data=False)
    strip_traces(path)
    check(model, path)


def strip_traces(path: Path) -> None:
    """The exporter writes stack traces with paths of this machine into the graph, of use to nobody else."""
    graph = onnx.load(path)
    del graph.metadata_props[:]
    del graph.graph.metadata_props[:]
    for part in (graph.graph.node, graph.graph.value_info, graph.graph.input, graph.graph.output):
        for item in part:
            del item.metadata_props[:]
            item.ClearField("doc_string")
    onnx.save(graph, path)


def check(model: Served, path: Path) -> None:
    """The exported graph must have the agreed interface and say what the network says, in any batch."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (given,), (returned,) = session.get_inputs(), session.get_outputs()
    interface = (given.name, given.type, given.shape[1:], returned.name, returned.type, returned.shape[1:])
    if interface != ("image", "tensor(uint8)", [224, 224, 3], "roadwork", "tensor(float)", [1]):
        raise RuntimeError(f"the exported graph has another interface: {interface}")
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 7):
        images = rng.integers(0, 256, (size, 224, 224, 3), np.uint8)
        with torch.inference_mode():
            expected = model(torch.from_numpy(images)).numpy()
        worst = float(np.abs(run(session, images) - expected).max())
        if worst > TOLERANCE:
            raise RuntimeError(f"the exported graph differs from the network by {worst}")


def run(session: ort.InferenceSession, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(session.run(["roadwork"], {"image": images})[0])


def predict_views(path: Path, pixels: NDArray[np.uint8], batch: int = 32) -> NDArray[np.float32]:
    """Probabilities of pooled views: each pixel is repeated 2 x 2, which the graph's first step undoes."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    parts = [
        run(session, pixels[i : i + batch].repeat(2, axis=1).repeat(2, axis=2))[:, 0]
        for i in range(0, len(pixels), batch)
    ]
    return np.concatenate(parts)
