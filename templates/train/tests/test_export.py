from pathlib import Path

import numpy as np
import torch

from demo_trainer.export import export, predict_views
from demo_trainer.network import RoadworkNet, Served


def test_the_graph_says_what_the_network_says(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = RoadworkNet("tinys").eval()
    path = tmp_path / "model.onnx"
    export(Served(net, bias=0.3, temperature=1.7), path)
    assert list(tmp_path.iterdir()) == [path], "weights belong into the file itself"
    assert b".py" not in path.read_bytes(), "the graph must not tell where it was made"
    views = np.random.default_rng(0).integers(0, 256, (5, 112, 112, 3), np.uint8)
    pixels = torch.from_numpy(views).permute(0, 3, 1, 2).float()
    with torch.inference_mode():
        expected = torch.sigmoid((net(pixels) - 0.3) / 1.7).numpy()
    assert np.abs(predict_views(path, views, batch=2) - expected).max() < 1e-5
