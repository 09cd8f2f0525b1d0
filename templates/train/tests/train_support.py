"""A small dataset whose truth is easy to see: class 1 has a bright striped square somewhere."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SPLITS = ("train", "train", "train", "validation", "test")


def picture(label: int, seed: int, size: tuple[int, int] = (240, 180)) -> tuple[bytes, list[list[int]]]:
    rng = np.random.default_rng([label, seed])
    pixels = rng.integers(60, 120, (size[1], size[0], 3), np.uint8)
    objects: list[list[int]] = []
    if label:
        x, y = (int(rng.integers(10, side - 90)) for side in size)
        pixels[y : y + 80, x : x + 80] = 20
        pixels[y : y + 80 : 8, x : x + 80] = 250
        pixels[y + 1 : y + 80 : 8, x : x + 80] = 250
        objects = [[x + 40, y + 40]]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue(), objects


def write_dataset(
    folder: Path, count: int = 40, *, seed: int = 0, name: str = "striped", labels: Sequence[int] = (0, 1)
) -> Path:
    rows: list[dict[str, Any]] = []
    for i in range(count):
        label = labels[i % len(labels)]
        data, objects = picture(label, seed * 100_000 + i)
        digest = hashlib.sha256(data).hexdigest()
        path = Path("pictures") / digest[:2] / f"{digest}.jpg"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        rows.append(
            {
                "sha256": digest,
                "path": str(path),
                "label": label,
                "split": SPLITS[(i // 2) % len(SPLITS)],
                "source": "drawn",
                "objects": objects,
            }
        )
    write_rows(folder, rows, name)
    return folder


def write_rows(folder: Path, rows: Sequence[dict[str, Any]], name: str = "striped") -> None:
    lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    (folder / "entries.jsonl").write_bytes(lines)
    manifest = {"format": 1, "name": name, "entries": {"sha256": hashlib.sha256(lines).hexdigest()}}
    (folder / "dataset.json").write_text(json.dumps(manifest))


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "entries.jsonl").read_text().splitlines()]


def write_recipe(path: Path, **fields: object) -> Path:
    recipe = {
        "name": "test",
        "kind": "finetune",
        "backbone": {"id": "plain-s", "pretrained": False},
        "epochs": 3,
        "batch": 8,
        "optimizer": {"lr": 0.005, "weightDecay": 0.02, "clip": 2, "warmUp": 0.1},
        "views": {"generations": [1, 1, 0], "stored": 2},
        "ema": 0.9,
        "measuredViews": 2,
    }
    path.write_text(json.dumps(recipe | fields))
    return path
