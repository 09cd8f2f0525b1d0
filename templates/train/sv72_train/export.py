"""The ONNX graph: everything inside, so that whoever serves it only has to bring the pixels."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from torch import nn

from sv72_train.backbones import SIZE
from sv72_train.progress import TrainError

OPSET = 20
MOST = 64
TOLERANCE = 1e-4
"""Above this, protobuf cannot hold the weights in one file."""
ONE_FILE_BYTES = 1_900_000_000


def export_onnx(model: nn.Module, path: Path) -> None:
    """A graph from `image` uint8 [batch, 224, 224, 3] to `roadwork` float32 [batch, 1], batch 1 to 64.

    Checked against the network before it takes its name; weights of 2 GB and more go to a file beside it.
    """
    model = model.cpu().eval()
    example = torch.zeros((2, SIZE, SIZE, 3), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            model,
            (example,),
            input_names=["image"],
            output_names=["roadwork"],
            dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=MOST)},),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise TrainError("export", "torch.onnx.export returned nothing")
    large = sum(p.numel() * p.element_size() for p in model.parameters()) > ONE_FILE_BYTES
    fresh = path if large else path.with_name(f"{path.stem}.new.onnx")
    program.save(str(fresh), external_data=large)
    strip_traces(fresh)
    check_graph(model, fresh)
    os.replace(fresh, path)


def strip_traces(path: Path) -> None:
    """The exporter writes stack traces with paths of this machine into the graph, of use to nobody else."""
    graph = onnx.load(path, load_external_data=False)
    del graph.metadata_props[:]
    del graph.graph.metadata_props[:]
    for part in (graph.graph.node, graph.graph.value_info, graph.graph.input, graph.graph.output):
        for item in part:
            del item.metadata_props[:]
            item.ClearField("doc_string")
    onnx.save(graph, path)


def check_graph(model: nn.Module, path: Path) -> None:
    """The exported graph must have the agreed interface and say what the network says, in any batch."""
    session = open_graph(path)
    (given,), (returned,) = session.get_inputs(), session.get_outputs()
    interface = (given.name, given.type, given.shape[1:], returned.name, returned.type, returned.shape[1:])
    if interface != ("image", "tensor(uint8)", [SIZE, SIZE, 3], "roadwork", "tensor(float)", [1]):
        raise TrainError("export", f"the exported graph has another interface: {interface}")
    rng = np.random.default_rng(0)
    for size in (1, 2, 3):
        images = rng.integers(0, 256, (size, SIZE, SIZE, 3), np.uint8)
        with torch.inference_mode():
            expected = model(torch.from_numpy(images)).numpy()
        worst = float(np.abs(run_graph(session, images) - expected[:, 0]).max())
        if worst > TOLERANCE:
            raise TrainError("export", f"the exported graph differs from the network by {worst:.2g}")


def open_graph(path: Path, threads: int = 0) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_graph(session: ort.InferenceSession, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities of images (n, 224, 224, 3)."""
    parts = [
        np.asarray(session.run(["roadwork"], {"image": images[i : i + 32]})[0])[:, 0]
        for i in range(0, len(images), 32)
    ]
    return np.concatenate(parts)
