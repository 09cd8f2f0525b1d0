"""Prints samples of what the reference makes of a computed image, for test/simulate/augment/golden.json.

Usage: golden.py > test/simulate/augment/golden.json
The image and the noise are formulas, so that the test needs no files.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from reference import SIZE, augment

WIDTH, HEIGHT, STEP = 300, 220, 389


def picture() -> np.ndarray[Any, np.dtype[np.uint8]]:
    y, x, c = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), np.arange(3), indexing="ij")
    return ((x * (3 + c) + y * (5 - c) + (x // 23) * (y // 17) * 31 + c * 40) % 256).astype(np.uint8)


def noise() -> np.ndarray[Any, np.dtype[np.float64]]:
    i = np.arange(SIZE * SIZE * 3)
    return (((i * 7919 % 2003) - 1001) / 578).reshape(SIZE, SIZE, 3)


def plan(generation: int, level: int, **changes: Any) -> dict[str, Any]:
    none = {
        "colours": "bytes",
        "angle": 0,
        "crop": None,
        "saturation": 0,
        "contrast": 0,
        "shrink": 0,
        "noise": 0,
        "blur": 0,
    }
    return {"generation": generation, "level": level, **none, **changes}


def crop(left: int, top: int, side: int) -> dict[str, int]:
    return {"left": left, "top": top, "width": side, "height": side}


PLANS = [
    plan(1, 0),
    plan(2, 0),
    plan(1, 1, angle=13.7, crop=crop(31, 17, 187)),
    plan(1, 1, angle=-20, crop=crop(80, 0, 220)),
    plan(2, 1, angle=-7.25),
    plan(2, 2, angle=4, saturation=1),
    plan(2, 2, angle=4, contrast=1),
    plan(2, 2, angle=4, shrink=1),
    plan(2, 3, shrink=2),
    plan(2, 3, saturation=2),
    plan(2, 3, contrast=2),
    plan(2, 3, noise=1),
    plan(2, 3, noise=2),
    plan(2, 3, blur=1),
    plan(2, 3, saturation=1, colours="floats"),
    plan(2, 3, saturation=2, colours="floats"),
    plan(2, 3, noise=2, colours="floats"),
    plan(2, 3, blur=2),
    plan(1, 3, angle=9.1, crop=crop(5, 5, 120), saturation=1, contrast=1, shrink=1, noise=1, blur=1),
    plan(1, 3, angle=-3, crop=crop(60, 10, 200), saturation=2, contrast=2, shrink=2, noise=2, blur=2),
]


def main() -> None:
    cases = []
    for each in PLANS:
        view = np.ascontiguousarray(augment(picture(), each, noise(), torchvision=False))
        cases.append({"plan": each, "samples": view.reshape(-1)[::STEP].tolist()})
    print(json.dumps({"width": WIDTH, "height": HEIGHT, "step": STEP, "cases": cases}))


if __name__ == "__main__":
    main()
