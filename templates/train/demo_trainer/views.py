"""The files that the TypeScript side draws.

NAME.bin holds uint8 pixels, count x size x size x 3; NAME.json says what each view is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Views:
    pixels: NDArray[np.uint8]
    labels: NDArray[np.float32]
    rows: list[dict[str, Any]]
    seeds: str

    def condition(
        self, generation: int, level: int, free: bool = False, colours: str = "bytes"
    ) -> NDArray[np.intp]:
        """Places of the views that were made under a condition."""
        wanted = (generation, level, free, colours)
        return np.array(
            [
                i
                for i, r in enumerate(self.rows)
                if (r["generation"], r["level"], r["free"], r["colours"]) == wanted
            ],
            np.intp,
        )


def load_views(folder: Path, name: str) -> Views:
    header = json.loads((folder / f"{name}.json").read_text())
    size, count, rows = header["size"], header["count"], header["rows"]
    if len(rows) != count:
        raise ValueError(f"{name}.json lists {len(rows)} views, but says {count}")
    pixels = np.fromfile(folder / f"{name}.bin", np.uint8)
    if pixels.size != count * size * size * 3:
        raise ValueError(f"{name}.bin does not hold {count} views of {size} x {size}")
    first = header["set"]["firstSeed"]
    return Views(
        pixels=pixels.reshape(count, size, size, 3),
        labels=np.array([r["label"] for r in rows], np.float32),
        rows=rows,
        seeds=f"{first}-{first + header['set']['scenes'] - 1}",
    )
