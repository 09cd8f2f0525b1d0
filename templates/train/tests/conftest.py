import json
from pathlib import Path

import numpy as np
import pytest

from demo_trainer.views import Views, load_views


def write_views(folder: Path, name: str, count: int, seed: int = 0) -> None:
    """Views whose truth is easy to see: class 1 has a bright striped square somewhere."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(60, 120, (count, 112, 112, 3), np.uint8)
    labels = rng.integers(0, 2, count)
    for image, label in zip(pixels, labels, strict=True):
        if label:
            x, y = rng.integers(0, 72, 2)
            image[y : y + 40 : 4, x : x + 40] = 250
    pixels.tofile(folder / f"{name}.bin")
    rows = [
        {"generation": 1, "level": i % 4, "free": False, "colours": "bytes", "label": int(label)}
        for i, label in enumerate(labels)
    ]
    header = {"set": {"firstSeed": 10, "scenes": count}, "size": 112, "count": count, "rows": rows}
    (folder / f"{name}.json").write_text(json.dumps(header))


@pytest.fixture
def views(tmp_path: Path) -> Views:
    write_views(tmp_path, "train", 256)
    return load_views(tmp_path, "train")
