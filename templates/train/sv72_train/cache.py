"""Pictures as the trainer reads them: decoded once, shrunk, written back as JPEG of high quality.

The smallest crop that a validator takes of a picture whose shorter side is 768 pixels has 343, more than the
224 that are sent, so nothing is lost; a 12-megapixel picture costs 30 times as much to decode.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sv72_train.dataset import Entry
from sv72_train.parallel import each
from sv72_train.progress import Meter, warn

Image.MAX_IMAGE_PIXELS = 200_000_000
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Picture:
    """Where a usable picture lies, and its objects in pixels of that file."""

    path: Path
    entry: Entry
    objects: tuple[tuple[float, float], ...]

    def read(self) -> NDArray[np.uint8]:
        return decode(self.path.read_bytes())


def decode(data: bytes) -> NDArray[np.uint8]:
    """RGB as a validator and a miner see it: an EXIF orientation is not applied."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def prepare(entries: Sequence[Entry], folder: Path, shorter: int, workers: int) -> list[Picture]:
    """Checks and shrinks every picture once; those that cannot be read are listed and left out.

    `shorter`: pixels that the shorter side may have; 0 leaves pictures as they are.
    """
    meter = Meter("pictures", len(entries), "pictures")
    usable: list[Picture] = []
    bad: list[str] = []
    tasks = [(entry, folder, shorter) for entry in entries]
    for done, result in enumerate(each(shrink, tasks, workers), 1):
        if isinstance(result, Picture):
            usable.append(result)
        else:
            bad.append(result)
        meter.add(done, 1)
    if bad:
        more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
        warn(f"{len(bad)} pictures are left out: {'; '.join(bad[:3])}{more}")
    return usable


def shrink(task: tuple[Entry, Path, int]) -> Picture | str:
    """The picture, or what is wrong with it. A file is hashed again when it was touched since."""
    entry, folder, shorter = task
    place = folder / f"{shorter}" / entry.sha256[:2] / f"{entry.sha256}.jpg"
    mark = place.with_suffix(".size")
    try:
        state = entry.path.stat()
        seen = f"{state.st_size} {state.st_mtime_ns}"
        if mark.exists() and (shorter == 0 or place.exists()):
            wide, high, *before = mark.read_text().split()
            if " ".join(before) == seen:
                return located(entry, place, int(wide), int(high), shorter)
        data = entry.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            return f"{entry.path.name} was changed since the dataset was made"
        image = Image.fromarray(decode(data))
        width, height = image.size
        mark.parent.mkdir(parents=True, exist_ok=True)
        if shorter and min(image.size) > shorter:
            scale = shorter / min(image.size)
            size = (round(width * scale), round(height * scale))
            buffer = io.BytesIO()
            image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0).save(buffer, "JPEG", quality=95)
            replace(place, buffer.getvalue())
        elif shorter:
            replace(place, b"")
        replace(mark, f"{width} {height} {seen}".encode())
        return located(entry, place, width, height, shorter)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return f"{entry.path.name} cannot be read ({str(error).replace(str(entry.path), 'file')[:80]})"


def located(entry: Entry, place: Path, width: int, height: int, shorter: int) -> Picture:
    scale = shorter / min(width, height) if shorter else 1.0
    if scale >= 1:
        return Picture(entry.path, entry, entry.objects)
    return Picture(place, entry, tuple((x * scale, y * scale) for x, y in entry.objects))


def replace(path: Path, data: bytes) -> None:
    """Writes a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_bytes(data)
    fresh.replace(path)
