"""What validators do to a picture before they send it, drawn and applied as src/simulate/augment does.

Everything random about a view is one `Augmentation`, in the JSON form that the TypeScript side writes, so
that the same choices can be given to both. Geometry follows torchvision (rotation of a tensor, antialiased
bilinear crop), the distortions are OpenCV's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Noise = NDArray[np.float32] | NDArray[np.float64]
Point = tuple[float, float]
ColourMaths = Literal["bytes", "floats"]
Fit = Literal["stretch", "letterbox", "cover-crop"]

SIZE = 224
LEVELS = (0, 1, 2, 3)
SATURATION = (0.4, 0.3, 0.2, 0.1, 0.0)
CONTRAST = (0.85, 0.725, 0.6, 0.475, 0.35)
SHRINK = (2, 3, 4, 5, 6)
NOISE_VARIANCE = (0.001, 0.002, 0.005, 0.01, 0.05)
BLUR_KERNEL = (7, 9, 13, 17, 21)


@dataclass(frozen=True)
class Crop:
    """A rectangle in pixels of the picture."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Augmentation:
    """Everything random about a view but the noise. Severity 0 leaves it alone, n takes the n-th value."""

    generation: int
    level: int
    angle: float = 0.0
    crop: Crop | None = None
    colours: ColourMaths = "bytes"
    saturation: int = 0
    contrast: int = 0
    shrink: int = 0
    noise: int = 0
    blur: int = 0

    @staticmethod
    def from_json(plan: Mapping[str, Any]) -> Augmentation:
        return Augmentation(**{**plan, "crop": None if plan["crop"] is None else Crop(**plan["crop"])})


def challenge_view(
    rgb: Pixels,
    rng: np.random.Generator,
    generation: int,
    level: int,
    objects: Sequence[Point] = (),
    *,
    colours: ColourMaths = "bytes",
    free_crop: bool = False,
    jpeg: bool = True,
    fit: Fit = "stretch",
) -> Pixels:
    """One view as a validator of a generation sends it, 224 x 224 x 3, through JPEG unless `jpeg` is off.

    `objects` are points (x, y) in pixels of `rgb`; generation 1 shifts its crop to keep the first, unless
    `free_crop`. Generation 3 sends the picture as it is, so its view is what the model's own resize (`fit`)
    makes of it; it has no levels.
    """
    if generation == 3:
        return fitted(through_jpeg(rgb) if jpeg else rgb, fit)
    height, width = rgb.shape[:2]
    keep = objects[0] if len(objects) > 0 and not free_crop else None
    plan = draw_augmentation(rng, generation, level, width, height, keep, colours)
    noise = rng.standard_normal((SIZE, SIZE, 3), np.float32) if plan.noise else None
    view = augment(rgb, plan, noise)
    return through_jpeg(view) if jpeg else view


def draw_augmentation(
    rng: np.random.Generator,
    generation: int,
    level: int,
    width: int,
    height: int,
    keep: Point | None = None,
    colours: ColourMaths = "bytes",
) -> Augmentation:
    """Draws what validators of generation 1 or 2 draw, for a picture of `width` x `height` pixels."""
    if generation not in (1, 2) or level not in LEVELS:
        raise ValueError(f"generation {generation}, level {level} has no augmentation")
    if level == 0:
        return Augmentation(generation, level, colours=colours)
    angle = float(rng.uniform(-20, 20))
    crop = None
    if generation == 1:
        crop = draw_crop(rng, width, height)
        if keep is not None:
            crop = keep_point(crop, keep, width, height)
    worst = 1 if level == 2 else 2

    def severity(first: int) -> int:
        return int(rng.integers(0, worst, endpoint=True)) if level >= first else 0

    return Augmentation(
        generation,
        level,
        angle,
        crop,
        colours,
        saturation=severity(2),
        contrast=severity(2),
        shrink=severity(2),
        noise=severity(3),
        blur=severity(3),
    )


def draw_crop(rng: np.random.Generator, width: int, height: int) -> Crop:
    """torchvision's RandomResizedCrop, area 0.2 to 1.0, aspect 1:1: ten tries, else the middle square."""
    for _ in range(10):
        side = round(math.sqrt(width * height * rng.uniform(0.2, 1.0)))
        if 1 <= side <= min(width, height):
            top = int(rng.integers(0, height - side, endpoint=True))
            return Crop(int(rng.integers(0, width - side, endpoint=True)), top, side, side)
    side = min(width, height)
    return Crop((width - side) // 2, (height - side) // 2, side, side)


def keep_point(crop: Crop, point: Point, width: int, height: int) -> Crop:
    """Shifts a crop so that it keeps a point, 10 pixels inside. As the validators do, before any rotation."""

    def shift(start: int, size: int, at: float, limit: int) -> int:
        if at < start:
            return max(0, int(at) - 10)
        if at > start + size:
            return min(limit - size, int(at) - size + 10)
        return start

    left = shift(crop.left, crop.width, point[0], width)
    return Crop(left, shift(crop.top, crop.height, point[1], height), crop.width, crop.height)


def augment(rgb: Pixels, plan: Augmentation, noise: Noise | None = None) -> Pixels:
    """Applies an augmentation: 224 x 224 x 3. `noise`: standard normal numbers of that shape (Y, Cb, Cr)."""
    if plan.level == 0:
        return fitted(rgb, "letterbox") if plan.generation == 2 else centre_square(rgb)
    if plan.generation == 2:
        view = rotated(fitted(rgb, "letterbox"), plan.angle)
    else:
        crop = plan.crop or Crop(0, 0, rgb.shape[1], rgb.shape[0])
        view = resized(rotated(rgb, plan.angle, crop))
    return np.ascontiguousarray(distorted(np.ascontiguousarray(view[:, :, ::-1]), plan, noise)[:, :, ::-1])


def centre_square(rgb: Pixels) -> Pixels:
    """The middle square, then 224 x 224 as PIL scales it."""
    height, width = rgb.shape[:2]
    side = min(width, height)
    left, top = round((width - side) / 2), round((height - side) / 2)
    return _pil_resize(rgb[top : top + side, left : left + side], SIZE, SIZE)


def fitted(rgb: Pixels, fit: Fit) -> Pixels:
    """To 224 x 224 by a bundle's resize rule; `letterbox` truncates the sides and centres on black."""
    height, width = rgb.shape[:2]
    if fit == "stretch":
        return _pil_resize(rgb, SIZE, SIZE)
    if fit == "cover-crop":
        return centre_square(rgb)
    scale = min(SIZE / width, SIZE / height)
    inner = _pil_resize(rgb, max(1, int(width * scale)), max(1, int(height * scale)))
    top, left = (SIZE - inner.shape[0]) // 2, (SIZE - inner.shape[1]) // 2
    canvas = np.zeros((SIZE, SIZE, 3), np.uint8)
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return canvas


def rotated(rgb: Pixels, degrees: float, crop: Crop | None = None) -> Pixels:
    """torchvision's `rotate` of a tensor (nearest, same size, black corners), of which `crop` is made.

    In the single precision of torch's affine grid, because a rounding decides between two pixels.
    """
    height, width = rgb.shape[:2]
    area = crop or Crop(0, 0, width, height)
    one, half_w, half_h = np.float32(1), np.float32(0.5 * width), np.float32(0.5 * height)
    angle = math.radians(-degrees)
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    u = (np.arange(area.left, area.left + area.width) - width * 0.5 + 0.5).astype(np.float32)
    v = (np.arange(area.top, area.top + area.height) - height * 0.5 + 0.5).astype(np.float32)[:, None]
    across = u * (cos / half_w) + v * (sin / half_w)
    down = u * (-sin / half_h) + v * (cos / half_h)
    columns = np.rint(((across + one) * np.float32(width) - one) / 2).astype(np.int32)
    rows = np.rint(((down + one) * np.float32(height) - one) / 2).astype(np.int32)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    result: Pixels = rgb[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
    result[~inside] = 0
    return result


def resized(rgb: Pixels) -> Pixels:
    """To 224 x 224 as a float tensor, truncated to bytes at the end: PIL's float mode does the same sums."""
    if rgb.shape[:2] == (SIZE, SIZE):
        return rgb
    channels = [
        np.asarray(
            Image.fromarray(rgb[:, :, c].astype(np.float32)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        )
        for c in range(3)
    ]
    # Fractions like 99.99999 are 100 in the sums of the original, so nudge before truncating.
    return np.clip(np.stack(channels, axis=-1) + np.float32(1e-4), 0, 255).astype(np.uint8)


def distorted(bgr: Pixels, plan: Augmentation, noise: Noise | None) -> Pixels:
    """Saturation, contrast, "JPEG" (down and up again), noise and blur, in the validators' order."""
    if plan.saturation:
        ycbcr = _to_ycbcr(bgr, plan.colours)
        half, factor = np.float32(0.5), np.float32(SATURATION[plan.saturation - 1])
        ycbcr[:, :, 1:] = half + (ycbcr[:, :, 1:] - half) * factor
        bgr = _from_ycbcr(ycbcr, plan.colours)
    if plan.contrast:
        bgr = (bgr.astype(np.float32) * np.float32(CONTRAST[plan.contrast - 1])).astype(np.uint8)
    if plan.shrink:
        height, width = bgr.shape[:2]
        factor_down = SHRINK[plan.shrink - 1]
        bgr = _cv_resize(_cv_resize(bgr, width // factor_down, height // factor_down), width, height)
    if plan.noise:
        if noise is None:
            raise ValueError("this augmentation needs noise")
        amount = math.sqrt(NOISE_VARIANCE[plan.noise - 1])
        noisy = (_to_ycbcr(bgr, plan.colours) / np.float32(255) + amount * noise) * 255
        bgr = _from_ycbcr(noisy.astype(np.float32), plan.colours)
    if plan.blur:
        kernel = BLUR_KERNEL[plan.blur - 1]
        bgr = np.asarray(cv2.GaussianBlur(bgr, (kernel, kernel), kernel / 6), np.uint8)
    return bgr


def through_jpeg(rgb: Pixels) -> Pixels:
    """What arrives: PIL's JPEG with its defaults (quality 75, 4:2:0), decoded again."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(buffer, format="JPEG", quality=75)
    return np.asarray(Image.open(buffer).convert("RGB"))


def _to_ycbcr(bgr: Pixels, colours: ColourMaths) -> Floats:
    """Y' = (Y 219 + 16) / 255. With `bytes`, Cb and Cr stay on 0..255, grey at 128 (docs/decisions/0011)."""
    source = bgr.astype(np.float32) if colours == "floats" else bgr
    ycbcr = np.asarray(cv2.cvtColor(source, cv2.COLOR_BGR2YCrCb))[:, :, (0, 2, 1)].astype(np.float32)
    ycbcr[:, :, 0] = (ycbcr[:, :, 0] * 219 + 16) / 255
    if colours == "floats":
        ycbcr[:, :, 1:] = (ycbcr[:, :, 1:] * 224 + 16) / 255
    return ycbcr


def _from_ycbcr(ycbcr: Floats, colours: ColourMaths) -> Pixels:
    ycbcr[:, :, 0] = (ycbcr[:, :, 0] * 255 - 16) / 219
    if colours == "floats":
        ycbcr[:, :, 1:] = (ycbcr[:, :, 1:] * 255 - 16) / 224
        bgr = cv2.cvtColor(np.ascontiguousarray(ycbcr[:, :, (0, 2, 1)]), cv2.COLOR_YCrCb2BGR)
        return np.clip(bgr, 0, 255).astype(np.uint8)
    ycrcb = np.clip(ycbcr[:, :, (0, 2, 1)], 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(ycrcb, cv2.COLOR_YCrCb2BGR), np.uint8)


def _cv_resize(image: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _pil_resize(rgb: Pixels, width: int, height: int) -> Pixels:
    image = Image.fromarray(np.ascontiguousarray(rgb))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
