"""The validators' augmentation in their own libraries (OpenCV, Pillow, NumPy), given all its random parameters.

Usage: reference.py FOLDER [--torchvision]
FOLDER/cases.json lists cases: {name, width, height, plan}, with FOLDER/NAME.rgb as input and, where the plan has
noise, FOLDER/NAME.noise (float64). Writes FOLDER/NAME.expected.rgb (before JPEG) and FOLDER/NAME.decoded.rgb (after
Pillow saved it as JPEG with its defaults and read it again). With --torchvision, rotation and crop come from
torchvision itself instead of their reconstruction in NumPy and Pillow.
"""

from __future__ import annotations

import io
import json
import math
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
SIZE = 224
SATURATION = (0.4, 0.3, 0.2, 0.1, 0.0)
CONTRAST = (0.85, 0.725, 0.6, 0.475, 0.35)
NOISE_VARIANCE = (0.001, 0.002, 0.005, 0.01, 0.05)
BLUR_KERNEL = (7, 9, 13, 17, 21)
SHRINK = (2, 3, 4, 5, 6)


def centre_square(rgb: Pixels) -> Pixels:
    image = Image.fromarray(rgb)
    side = min(image.size)
    left = round((image.width - side) / 2)
    top = round((image.height - side) / 2)
    square = image.crop((left, top, left + side, top + side))
    return np.asarray(square.resize((SIZE, SIZE), Image.Resampling.BILINEAR))


def letterbox(rgb: Pixels) -> Pixels:
    image = Image.fromarray(rgb)
    scale = min(SIZE / image.width, SIZE / image.height)
    inner = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.BILINEAR)
    canvas = Image.new("RGB", (SIZE, SIZE))
    canvas.paste(inner, ((SIZE - inner.width) // 2, (SIZE - inner.height) // 2))
    return np.asarray(canvas)


def rotate(rgb: Pixels, degrees: float) -> Pixels:
    """torchvision's affine grid and nearest sampling, in single precision."""
    height, width = rgb.shape[:2]
    angle = math.radians(-degrees)
    theta = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]], np.float32)
    scaled = theta.T / np.array([0.5 * width, 0.5 * height], np.float32)
    x = np.linspace(-width * 0.5 + 0.5, width * 0.5 - 0.5, width, dtype=np.float32)
    y = np.linspace(-height * 0.5 + 0.5, height * 0.5 - 0.5, height, dtype=np.float32)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) @ scaled
    columns = np.rint(((grid[:, 0] + np.float32(1)) * np.float32(width) - 1) / 2).astype(int)
    rows = np.rint(((grid[:, 1] + np.float32(1)) * np.float32(height) - 1) / 2).astype(int)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    result = np.zeros((height * width, 3), np.uint8)
    result[inside] = rgb[rows[inside], columns[inside]]
    return result.reshape(height, width, 3)


def resized_crop(rgb: Pixels, area: dict[str, int]) -> Pixels:
    """A float tensor through antialiased bilinear, then truncated to bytes: Pillow's float mode does the same sums."""
    left, top, side = area["left"], area["top"], area["width"]
    part = rgb[top : top + side, left : left + side]
    if side == SIZE:
        return part
    channels = [
        np.asarray(
            Image.fromarray(part[:, :, c].astype(np.float32)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        )
        for c in range(3)
    ]
    return np.clip(np.stack(channels, axis=-1) + 1e-4, 0, 255).astype(np.uint8)


def rotate_and_crop_by_torchvision(rgb: Pixels, plan: dict[str, Any]) -> Pixels:
    import torch
    from torchvision.transforms import functional as F

    tensor = torch.from_numpy(rgb.copy()).permute(2, 0, 1).float().div(255)
    tensor = F.rotate(tensor, plan["angle"])
    if plan["crop"]:
        c = plan["crop"]
        tensor = F.resized_crop(
            tensor, c["top"], c["left"], c["height"], c["width"], [SIZE, SIZE], antialias=True
        )
    return tensor.mul(255).byte().permute(1, 2, 0).numpy()


def to_ycbcr(bgr: Pixels, colours: str) -> Floats:
    source = bgr.astype(np.float32) if colours == "floats" else bgr
    ycbcr = cv2.cvtColor(source, cv2.COLOR_BGR2YCrCb)[:, :, (0, 2, 1)].astype(np.float32)
    ycbcr[:, :, 0] = (ycbcr[:, :, 0] * 219 + 16) / 255
    if colours == "floats":
        ycbcr[:, :, 1:] = (ycbcr[:, :, 1:] * 224 + 16) / 255
    return ycbcr


def from_ycbcr(ycbcr: Floats, colours: str) -> Pixels:
    ycbcr = ycbcr.astype(np.float32)
    ycbcr[:, :, 0] = (ycbcr[:, :, 0] * 255 - 16) / 219
    if colours == "floats":
        ycbcr[:, :, 1:] = (ycbcr[:, :, 1:] * 255 - 16) / 224
        bgr = cv2.cvtColor(np.ascontiguousarray(ycbcr[:, :, (0, 2, 1)]), cv2.COLOR_YCrCb2BGR)
        return np.clip(bgr, 0, 255).astype(np.uint8)
    ycrcb = np.clip(ycbcr[:, :, (0, 2, 1)], 0, 255).astype(np.uint8)
    return cv2.cvtColor(ycrcb, cv2.COLOR_YCrCb2BGR)


def distort(bgr: Pixels, plan: dict[str, Any], noise: NDArray[np.float64] | None) -> Pixels:
    if plan["saturation"]:
        ycbcr = to_ycbcr(bgr, plan["colours"])
        ycbcr[:, :, 1:] = 0.5 + (ycbcr[:, :, 1:] - 0.5) * SATURATION[plan["saturation"] - 1]
        bgr = from_ycbcr(ycbcr, plan["colours"])
    if plan["contrast"]:
        bgr = (bgr.astype(np.float32) * CONTRAST[plan["contrast"] - 1]).astype(np.uint8)
    if plan["shrink"]:
        height, width = bgr.shape[:2]
        factor = SHRINK[plan["shrink"] - 1]
        bgr = cv2.resize(cv2.resize(bgr, (width // factor, height // factor)), (width, height))
    if plan["noise"] and noise is not None:
        noisy = to_ycbcr(bgr, plan["colours"]) / 255 + math.sqrt(NOISE_VARIANCE[plan["noise"] - 1]) * noise
        bgr = from_ycbcr(noisy * 255, plan["colours"])
    if plan["blur"]:
        kernel = BLUR_KERNEL[plan["blur"] - 1]
        bgr = cv2.GaussianBlur(bgr, (kernel, kernel), kernel / 6)
    return bgr


def augment(
    rgb: Pixels, plan: dict[str, Any], noise: NDArray[np.float64] | None, torchvision: bool
) -> Pixels:
    if plan["generation"] == 2:
        rgb = letterbox(rgb)
    elif plan["level"] == 0:
        rgb = centre_square(rgb)
    if plan["level"] == 0:
        return rgb
    if torchvision:
        rgb = rotate_and_crop_by_torchvision(rgb, plan)
    else:
        rgb = rotate(rgb, plan["angle"])
        if plan["crop"]:
            rgb = resized_crop(rgb, plan["crop"])
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    return distort(bgr, plan, noise)[:, :, ::-1]


def through_jpeg(rgb: Pixels) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(buffer, format="JPEG")
    return np.asarray(Image.open(buffer).convert("RGB"))


def main() -> None:
    folder = Path(sys.argv[1])
    torchvision = "--torchvision" in sys.argv
    for case in json.loads((folder / "cases.json").read_text()):
        name = case["name"]
        rgb = np.fromfile(folder / f"{name}.rgb", np.uint8).reshape(case["height"], case["width"], 3)
        noise = None
        if case["plan"]["noise"]:
            noise = np.fromfile(folder / f"{name}.noise", np.float64).reshape(SIZE, SIZE, 3)
        expected = augment(rgb, case["plan"], noise, torchvision)
        np.ascontiguousarray(expected).tofile(folder / f"{name}.expected.rgb")
        through_jpeg(expected).tofile(folder / f"{name}.decoded.rgb")


if __name__ == "__main__":
    main()
