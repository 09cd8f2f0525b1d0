"""What the training package makes of the cases: FOLDER/NAME.package.rgb and FOLDER/NAME.package-decoded.rgb.

Usage: PYTHONPATH=templates/train package.py FOLDER
The same choices and the same noise as for reference.py. FOLDER/crops.json lists crops to be shifted; the shifted ones
go to FOLDER/crops.package.json.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from reference import distort
from sv72_train.augment import (
    SIZE,
    Augmentation,
    Crop,
    augment,
    distorted,
    keep_point,
    through_jpeg,
)


def main() -> None:
    folder = Path(sys.argv[1])
    for case in json.loads((folder / "cases.json").read_text()):
        name = case["name"]
        rgb = np.fromfile(folder / f"{name}.rgb", np.uint8).reshape(case["height"], case["width"], 3)
        plan = Augmentation.from_json(case["plan"])
        noise = None
        if plan.noise:
            noise = np.fromfile(folder / f"{name}.noise", np.float64).reshape(SIZE, SIZE, 3)
        view = augment(rgb, plan, noise)
        view.tofile(folder / f"{name}.package.rgb")
        through_jpeg(view).tofile(folder / f"{name}.package-decoded.rgb")

    shifted = []
    for each in json.loads((folder / "crops.json").read_text()):
        crop = keep_point(Crop(**each["crop"]), tuple(each["point"]), each["width"], each["height"])
        shifted.append(asdict(crop))
    (folder / "crops.package.json").write_text(json.dumps(shifted))

    # Every severity, also those that no level draws: the distortions are OpenCV's own, to the bit.
    rng = np.random.default_rng(1)
    bgr = rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    noise = rng.standard_normal((SIZE, SIZE, 3))
    different = []
    for colours in ("bytes", "floats"):
        for kind in ("saturation", "contrast", "shrink", "noise", "blur"):
            for severity in range(1, 6):
                plan = Augmentation(2, 3, colours=colours, **{kind: severity})
                expected = distort(bgr.copy(), asdict(plan), noise)
                if not np.array_equal(distorted(bgr, plan, noise), expected):
                    different.append(f"{kind} {severity} on {colours}")
    print(json.dumps(different))


if __name__ == "__main__":
    main()
