"""How busy the trainer keeps its processor: images a second against the same model fed random pixels.

`python -m sv72_train.bench` makes its own pictures, as large as those of street cameras, and prints JSON.
The decode cache is on and off; views are stored, or made while training.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sv72_train.cache import Picture, prepare
from sv72_train.dataset import Entry
from sv72_train.device import Place, choose_device
from sv72_train.fit import Figures, Fit, Lesson
from sv72_train.progress import emit
from sv72_train.recipe import Backbone, Optimizer, Recipe, Views
from sv72_train.train import labels_of
from sv72_train.views import FreshViews, StoredViews, ViewSet, store_views
from sv72_train.weights import first_net

WIDE, HIGH = 4032, 3024
WARM_UP = 2
"""Without the cache a view takes most of a second, so fewer are made."""
FEWER = 8


def pictures_in(folder: Path, count: int) -> list[Entry]:
    """Soft coloured patches with some grain: they decode as slowly as photographs of that size."""
    entries = []
    for i in range(count):
        rng = np.random.default_rng(i)
        small = Image.fromarray(rng.integers(0, 256, (48, 64, 3), np.uint8))
        pixels = np.asarray(small.resize((WIDE, HIGH), Image.Resampling.BICUBIC)).astype(np.int16)
        grain = rng.integers(-8, 9, (HIGH, WIDE, 1), np.int16)
        buffer = io.BytesIO()
        Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
        path = folder / f"{i}.jpg"
        path.write_bytes(buffer.getvalue())
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        entries.append(Entry(path, digest, i % 2, "train", None, "made", ()))
    return entries


def fit_of(recipe: Recipe, pictures: list[Picture], folder: Path, place: Place, workers: int) -> Fit:
    net, card = first_net(recipe.backbone, None, recipe.seed)
    inputs: FreshViews | StoredViews
    if recipe.views.stored:
        what = ViewSet("bench", 1, card.side, recipe.views.stored, recipe.views, recipe.fit, False)
        inputs = store_views(pictures, what, folder / "views", workers)
    else:
        inputs = FreshViews(pictures, recipe.views, card.side, recipe.fit, 1)

    def unjudged(_: torch.nn.Module) -> Figures:
        return {"reward": 0.0}

    lesson = Lesson(inputs, labels_of(pictures))
    return Fit(net, lesson, recipe, place, folder, judge=unjudged, identity={}, workers=workers)


def batches(fit: Fit, steps: int) -> Iterator[tuple[torch.Tensor, list[tuple[int, int, int, int]]]]:
    """As training meets them, epoch after epoch."""
    done = 0
    while done < steps:
        for pixels, keys in fit.loader():
            yield pixels, keys
            done += 1
            if done == steps:
                return


def rate(fit: Fit, steps: int, *, random: bool) -> float:
    """Images a second after a warm-up; `random`: the same step on pixels that are there already."""
    first = next(iter(batches(fit, 1)))
    stream = (first for _ in range(steps + WARM_UP)) if random else batches(fit, steps + WARM_UP)
    begun = 0.0
    for number, (pixels, keys) in enumerate(stream):
        fit.learn(pixels, keys)
        if number == WARM_UP - 1:
            synchronize(fit.place)
            begun = time.perf_counter()
    synchronize(fit.place)
    return steps * fit.batch / (time.perf_counter() - begun)


def synchronize(place: Place) -> None:
    if place.device.type == "cuda":
        torch.cuda.synchronize(place.device)


def main() -> None:
    parser = argparse.ArgumentParser(prog="sv72_train.bench", description=__doc__)
    parser.add_argument("--backbone", default="plain-s")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=64)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    place = choose_device(given.device)

    def recipe(stored: int) -> Recipe:
        backbone = Backbone(given.backbone, pretrained=False)
        return Recipe(
            "bench",
            "finetune",
            backbone,
            1_000_000,
            given.batch,
            Optimizer(1e-3),
            Views(stored=stored),
            ema=0.99,
            precision="bf16" if place.device.type == "cuda" else "fp32",
        )

    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = pictures_in(folder, given.pictures)
        small = prepare(entries, folder / "cache", 768, given.workers)
        large = prepare(entries, folder / "cache", 0, given.workers)
        rates["random"] = rate(
            fit_of(recipe(4), small, folder, place, given.workers), given.steps, random=True
        )
        for label, pictures, stored, steps in (
            ("stored", small, 4, given.steps),
            ("fresh", small, 0, given.steps),
            ("freshUncached", large, 0, max(1, given.steps // FEWER)),
        ):
            fit = fit_of(recipe(stored), pictures, folder, place, 0 if stored else given.workers)
            rates[label] = rate(fit, steps, random=False)
    emit(
        "result",
        backbone=given.backbone,
        batch=given.batch,
        workers=given.workers,
        hardware=place.describe(),
        rates=rates,
    )


if __name__ == "__main__":
    main()
