"""Pictures as a validator shows them: what a net trains on, and what it is measured on."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from sv72_train.augment import LEVELS, SIZE, challenge_view
from sv72_train.cache import Picture
from sv72_train.parallel import each
from sv72_train.progress import Meter
from sv72_train.recipe import Fit, Views

Pixels = NDArray[np.uint8]
"""A picture's number, epoch, place in the epoch, and the highest level that may be met."""
Key = tuple[int, int, int, int]


@dataclass(frozen=True)
class Condition:
    generation: int
    level: int


def draw_condition(rng: np.random.Generator, views: Views, highest: int = 3) -> Condition:
    """Generations and levels by their weights; generation 3 has no levels."""
    generation = 1 + chosen(rng, views.generations)
    return Condition(generation, 0 if generation == 3 else chosen(rng, views.levels[: highest + 1]))


def chosen(rng: np.random.Generator, weights: Sequence[float]) -> int:
    share = np.array(weights, np.float64)
    return int(rng.choice(len(share), p=share / share.sum()))


def make_view(
    picture: Picture, condition: Condition, rng: np.random.Generator, views: Views, side: int, fit: Fit
) -> Pixels:
    """One view, side x side x 3: what arrives at a miner, pooled to what the backbone looks at."""
    colours = views.colours if views.colours != "mixed" else "bytes" if rng.random() < 0.5 else "floats"
    view = challenge_view(
        picture.read(),
        rng,
        condition.generation,
        condition.level,
        picture.objects,
        colours=colours,
        free_crop=bool(rng.random() < views.free_crop),
        fit=fit,
    )
    return pooled(view, side)


def pooled(view: Pixels, side: int) -> Pixels:
    """Means of blocks, as the served graph's first step takes them (there without rounding)."""
    block = SIZE // side
    if block == 1:
        return view
    blocks = view.reshape(side, block, side, block, 3).astype(np.uint16).sum((1, 3))
    return ((blocks + block * block // 2) // (block * block)).astype(np.uint8)


@dataclass(frozen=True)
class FreshViews(Dataset[Tensor]):
    """A new view of a picture each time, the same for the same key whichever process makes it."""

    pictures: Sequence[Picture]
    views: Views
    side: int
    fit: Fit
    seed: int

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, key: Key) -> Tensor:
        return self.__getitems__([key])[0]

    def __getitems__(self, keys: Sequence[Key]) -> Tensor:
        result = np.empty((len(keys), self.side, self.side, 3), np.uint8)
        for i, (number, epoch, place, highest) in enumerate(keys):
            rng = np.random.default_rng([self.seed, epoch, place])
            condition = draw_condition(rng, self.views, highest)
            result[i] = make_view(self.pictures[number], condition, rng, self.views, self.side, self.fit)
        return torch.from_numpy(result)


@dataclass(frozen=True)
class StoredViews(Dataset[Tensor]):
    """A few views of each picture, made once: pixels (pictures, views, …) and under which condition."""

    pixels: NDArray[np.uint8] | NDArray[np.float32]
    levels: NDArray[np.int8]
    generations: NDArray[np.int8]
    seed: int
    """Path of its files without their endings."""
    stem: str = ""

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, key: Key) -> Tensor:
        return self.__getitems__([key])[0]

    def __getitems__(self, keys: Sequence[Key]) -> Tensor:
        chosen = [self.choose(key) for key in keys]
        return torch.from_numpy(np.stack([self.pixels[number, view] for number, view in chosen]))

    def choose(self, key: Key) -> tuple[int, int]:
        number, epoch, place, highest = key
        allowed = np.flatnonzero(self.levels[number] <= highest)
        views = allowed if len(allowed) else np.arange(self.levels.shape[1])
        return number, int(np.random.default_rng([self.seed, epoch, place]).choice(views))

    def with_pixels(self, pixels: NDArray[np.float32]) -> StoredViews:
        return StoredViews(pixels, self.levels, self.generations, self.seed, self.stem)


@dataclass(frozen=True)
class ViewSet:
    """Which stored views: everything that their bytes depend on."""

    name: str
    seed: int
    side: int
    count: int
    views: Views
    fit: Fit
    """All conditions in turn, so that each is met alike, instead of drawing them."""
    even: bool

    def condition(self, number: int, view: int, rng: np.random.Generator) -> Condition:
        if not self.even:
            return draw_condition(rng, self.views)
        conditions = [Condition(g, lv) for g in (1, 2) if self.views.generations[g - 1] for lv in LEVELS]
        if self.views.generations[2]:
            conditions.append(Condition(3, 0))
        return conditions[(number * self.count + view) % len(conditions)]

    def stream(self, number: int, view: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, int.from_bytes(self.name.encode(), "big"), number, view])


def store_views(pictures: Sequence[Picture], what: ViewSet, folder: Path, workers: int) -> StoredViews:
    """Makes the views that are not there yet; what was made before an interruption is kept."""
    identity = hashlib.sha256(repr((what, [p.entry.sha256 for p in pictures])).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"views-{what.name}-{identity}"
    shape = (len(pictures), what.count, what.side, what.side, 3)
    pixels, made = array_of(f"{place}.bin", shape), array_of(f"{place}.made", shape[:1])
    missing = np.flatnonzero(made == 0)
    begun = len(pictures) - len(missing)
    meter = Meter(f"views for {what.name}", len(pictures), "views", origin=begun)
    tasks = [(pictures[number], number, what) for number in missing.tolist()]
    for done, (number, views) in enumerate(zip(missing, each(views_of, tasks, workers), strict=True), 1):
        pixels[number] = views
        made[number] = 1
        meter.add(begun + done, what.count)
    conditions = [
        [what.condition(number, view, what.stream(number, view)) for view in range(what.count)]
        for number in range(len(pictures))
    ]
    return StoredViews(
        pixels,
        np.array([[c.level for c in row] for row in conditions], np.int8),
        np.array([[c.generation for c in row] for row in conditions], np.int8),
        what.seed,
        str(place),
    )


def views_of(task: tuple[Picture, int, ViewSet]) -> Pixels:
    picture, number, what = task
    made = []
    for view in range(what.count):
        rng = what.stream(number, view)
        condition = what.condition(number, view, rng)
        made.append(make_view(picture, condition, rng, what.views, what.side, what.fit))
    return np.stack(made)


def array_of(file: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A file as an array. Its space is taken at once: a full disk must not show as a fault in mid-write."""
    path = Path(file)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.new")
        with fresh.open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, max(1, math.prod(shape)))
        fresh.replace(path)
    return np.memmap(path, np.uint8, "r+", shape=shape)
