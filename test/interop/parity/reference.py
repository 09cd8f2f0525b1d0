"""What Python says about images: python reference.py BUNDLE FOLDER

Pillow decodes and resizes, which is what torchvision's and timm's transforms do with a PIL image; onnxruntime
computes. The manifest alone decides how. Prints {file: {width, height, probability}} as JSON.

Truncated images are read as far as they go, and 16-bit grey is what Pillow's convert("RGB") makes of it.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageFile

ImageFile.LOAD_TRUNCATED_IMAGES = True
KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "linear": Image.Resampling.BILINEAR,
    "cubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}


def fit(image, rule, height, width):
    kernel = KERNELS[rule["kernel"]]
    assert rule["antialias"], "Pillow always widens its kernel"
    if rule["fit"] == "stretch":
        return image.resize((width, height), kernel)
    if rule["fit"] == "letterbox":
        scale = min(width / image.width, height / image.height)
        # The side that fills the input is exact; the other is truncated.
        size = (max(1, int(image.width * scale + 1e-9)), max(1, int(image.height * scale + 1e-9)))
        canvas = Image.new("RGB", (width, height), tuple(rule["background"]))
        canvas.paste(image.resize(size, kernel), ((width - size[0]) // 2, (height - size[1]) // 2))
        return canvas
    assert width == height, "torchvision's Resize(int) and CenterCrop"
    if image.width <= image.height:
        size = (width, int(width * image.height / image.width))
    else:
        size = (int(height * image.width / image.height), height)
    left, top = (int(round((have - want) / 2)) for have, want in zip(size, (width, height)))
    return image.resize(size, kernel).crop((left, top, left + width, top + height))


def tensor(image, rule):
    height, width = rule["size"]
    pixels = np.asarray(fit(image, rule["resize"], height, width))
    if rule["colour"] == "bgr":
        pixels = pixels[:, :, ::-1]
    if rule["dtype"] == "float32":
        mean, std = (np.array(rule[name], dtype=np.float64) for name in ("mean", "std"))
        pixels = ((pixels.astype(np.float64) * rule["scale"] - mean) / std).astype(np.float32)
    if rule["layout"] == "nchw":
        pixels = pixels.transpose(2, 0, 1)
    return np.ascontiguousarray(pixels)[None]


def probability(values, manifest):
    calibration = manifest["calibration"]
    kind = manifest["output"]["kind"]
    values = values.astype(np.float64).ravel()
    if kind == "probability":
        if calibration["inGraph"]:
            return float(values[0])
        logit = math.log(values[0] / (1 - values[0]))
    elif kind == "logit":
        logit = values[0]
    else:
        positive = manifest["positive"]["index"]
        logit = values[positive] - values[1 - positive]
    if not calibration["inGraph"]:
        logit = (logit - calibration["bias"]) / calibration["temperature"]
    return float(1 / (1 + np.exp(-logit)))


def main(bundle, folder):
    manifest = json.loads((bundle / "sv72.json").read_text())
    model = next(f for f in manifest["files"] if f["role"] == "model" and f["precision"] == "fp32")
    session = onnxruntime.InferenceSession(bundle / model["path"], providers=["CPUExecutionProvider"])
    answers = {}
    for path in sorted(folder.iterdir()):
        with Image.open(path) as image:
            pixels = image.convert("RGB")
        feed = {manifest["input"]["name"]: tensor(pixels, manifest["input"])}
        (values,) = session.run([manifest["output"]["name"]], feed)
        answers[path.name] = {
            "width": pixels.width,
            "height": pixels.height,
            "probability": probability(values, manifest),
        }
    print(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
