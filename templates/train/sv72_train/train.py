"""The story of a training: pictures, views, fit, calibration, graph, figures."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sv72_train.backbones import SIZE, Card
from sv72_train.cache import Picture, prepare
from sv72_train.calibrate import calibrate
from sv72_train.dataset import Dataset, check_apart, gather, open_dataset
from sv72_train.device import Place, choose_device
from sv72_train.export import export_onnx, open_graph, run_graph
from sv72_train.fit import Figures, Fit, Lesson, Stopped
from sv72_train.infer import Reader
from sv72_train.lora import adapt, merge
from sv72_train.measure import measure, reward
from sv72_train.model import Head, Net, Served
from sv72_train.progress import TrainError, emit, log, warn
from sv72_train.recipe import Recipe, read_recipe
from sv72_train.report import write_report
from sv72_train.teacher import Teacher, bundle_teacher, openai_teacher, soft_labels
from sv72_train.transformers_form import save_for_transformers
from sv72_train.views import FreshViews, StoredViews, ViewSet, store_views
from sv72_train.weights import fingerprint, first_net, keep_licence, save_weights

PACKAGES = (
    "torch",
    "torchvision",
    "timm",
    "onnx",
    "onnxruntime",
    "numpy",
    "pillow",
    "opencv-python-headless",
)
"""Views on which the graph is compared with the network."""
COMPARED = 200


@dataclass(frozen=True)
class Options:
    recipe: Path
    data: tuple[Path, ...]
    out: Path
    cache: Path
    device: str = "auto"
    threads: int = 0
    workers: int = 0
    resume: bool = False
    weights: Path | None = None
    licence: Path | None = None
    """A bundle's folder, or the address of a server (…/v1)."""
    teacher: str | None = None
    teacher_model: str | None = None


class Training:
    """One run: what all its steps share."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.recipe = read_recipe(options.recipe)
        if options.threads:
            torch.set_num_threads(options.threads)
        self.place: Place = choose_device(options.device)
        self.workers = options.workers
        self.reader = Reader(self.place, bf16=self.recipe.precision == "bf16", workers=options.workers)
        self.datasets: list[Dataset] = [open_dataset(folder) for folder in options.data]
        check_apart(self.datasets)
        self.stopping = self.fitting = False

    def ask_to_stop(self, *_: object) -> None:
        """While fitting, the loop saves and ends; before, what was made is kept; after, little is left."""
        self.stopping = True
        if self.fitting is False:
            raise Stopped

    def run(self) -> None:
        begun = time.monotonic()
        self.refuse_overwriting()
        pictures = {split: self.pictures(split) for split in ("train", "validation", "test")}
        teacher = self.teacher()
        soft = self.soft(pictures["train"], teacher)
        net, card = first_net(self.recipe.backbone, self.options.weights, self.recipe.seed)
        licence = None
        # Random weights bind nobody.
        if self.recipe.backbone.pretrained or self.options.weights is not None:
            licence = self.place.first(
                lambda: keep_licence(card, self.options.licence, self.options.out / "licence")
            )
        log(f"{card.id}: {card.parameters / 1e6:.2f} M parameters, on {self.place.describe()}")
        measured = {name: self.measured(name, pictures[name], card) for name in ("validation", "test")}
        identity = {
            "recipe": self.recipe.fingerprint(),
            "data": self.data_fingerprint(pictures),
            "teacher": "" if teacher is None else teacher.id,
            "weights": fingerprint(net.state_dict()),
        }
        fit, seconds = self.fit(net, card, pictures, measured["validation"], soft, identity)
        self.place.leave()
        if self.place.rank == 0:
            self.finish(net, card, pictures, measured, fit, licence, seconds, time.monotonic() - begun)

    def refuse_overwriting(self) -> None:
        there = (self.options.out / "checkpoint.pt").exists()
        if there and not self.options.resume:
            raise TrainError("exists", f"{self.options.out} holds a run already")
        self.options.out.mkdir(parents=True, exist_ok=True)

    def pictures(self, split: str) -> list[Picture]:
        entries = gather(self.datasets, split)
        usable = self.place.first(
            lambda: prepare(entries, self.options.cache / "pictures", self.recipe.cache_side, self.workers)
        )
        if {picture.entry.label for picture in usable} != {0, 1}:
            raise TrainError("classes", f"the {split} split has no readable pictures of one of the classes")
        return usable

    def teacher(self) -> Teacher | None:
        given, model = self.options.teacher, self.options.teacher_model
        if self.recipe.distill is None or given is None:
            return None
        if model is None:
            return bundle_teacher(Path(given))
        return openai_teacher(given, model, os.environ.get("SV72_TEACHER_KEY"))

    def soft(self, pictures: list[Picture], teacher: Teacher | None) -> NDArray[np.float32] | None:
        """From the teacher; without one, from the dataset where it has soft labels."""
        if self.recipe.distill is None:
            return None
        if teacher is None:
            soft = np.array([np.nan if p.entry.soft is None else p.entry.soft for p in pictures], np.float32)
            if np.isnan(soft).all():
                raise TrainError("teacher", "distilling needs a teacher, or soft labels in the dataset")
            return soft
        return self.place.first(lambda: soft_labels(pictures, teacher, self.options.cache / "teacher.jsonl"))

    def measured(self, name: str, pictures: list[Picture], card: Card) -> StoredViews:
        recipe = self.recipe
        what = ViewSet(name, recipe.seed, card.side, recipe.measured_views, recipe.views, recipe.fit, True)
        return self.store(pictures, what)

    def store(self, pictures: list[Picture], what: ViewSet) -> StoredViews:
        return self.place.first(
            lambda: store_views(pictures, what, self.options.cache / "views", self.workers)
        )

    def lesson(self, pictures: list[Picture], card: Card, soft: NDArray[np.float32] | None) -> Lesson:
        recipe = self.recipe
        labels = labels_of(pictures)
        if recipe.views.stored == 0:
            fresh = FreshViews(pictures, recipe.views, card.side, recipe.fit, recipe.seed)
            return Lesson(fresh, labels, soft)
        what = ViewSet("train", recipe.seed, card.side, recipe.views.stored, recipe.views, recipe.fit, False)
        return Lesson(self.store(pictures, what), labels, soft)

    def fit(
        self,
        net: Net,
        card: Card,
        pictures: dict[str, list[Picture]],
        validation: StoredViews,
        soft: NDArray[np.float32] | None,
        identity: dict[str, str],
    ) -> tuple[Fit, float]:
        """Trains `net` in place."""
        recipe = self.recipe
        lesson, weights = self.lesson(pictures["train"], card, soft), identity["weights"]
        labels = labels_of(pictures["validation"])
        model: nn.Module = net
        if recipe.kind == "head":
            if not isinstance(lesson.inputs, StoredViews):
                raise TrainError("recipe", "a head is trained on stored views: set views.stored")
            lesson = Lesson(
                self.features(net, lesson.inputs, "train", weights), labels_of(pictures["train"]), soft
            )
            validation = self.features(net, validation, "validation", weights)
            model = Head(net.head)
        elif recipe.kind == "lora":
            if recipe.lora is None:
                raise TrainError("recipe", "a recipe of kind lora needs lora settings")
            torch.manual_seed(recipe.seed)
            adapt(net.backbone, net.head, recipe.lora)

        def judge(average: nn.Module) -> Figures:
            return judged(self.reader.logits(average, validation), labels)

        fit = Fit(
            model,
            lesson,
            recipe,
            self.place,
            self.options.out,
            judge=judge,
            logits=lambda average, numbers: self.reader.scores(average, lesson, numbers),
            identity=identity,
            workers=self.workers if recipe.views.stored == 0 else 0,
            stop=lambda: self.stopping,
        )
        if self.options.resume:
            fit.resume()
        self.fitting = True
        best = fit.train()
        net.to(self.place.device)
        if isinstance(best, Head):
            net.head.load_state_dict(best.head.state_dict())
        else:
            net.load_state_dict(best.state_dict())
        if recipe.kind == "lora":
            merge(net.backbone)
        return fit, fit.run.seconds

    def features(self, net: Net, views: StoredViews, name: str, weights: str) -> StoredViews:
        stem = f"{views.stem}-features-{weights[:16]}"
        return self.place.first(lambda: self.reader.features(net, views, name, stem))

    def data_fingerprint(self, pictures: dict[str, list[Picture]]) -> str:
        """Of the sets, and of what of them is usable: one damaged picture changes all batches."""
        digest = hashlib.sha256()
        for data in sorted(data.fingerprint for data in self.datasets):
            digest.update(data.encode())
        for split in pictures.values():
            for picture in split:
                digest.update(picture.entry.sha256.encode())
        return digest.hexdigest()

    def finish(
        self,
        net: Net,
        card: Card,
        pictures: dict[str, list[Picture]],
        measured: dict[str, StoredViews],
        fit: Fit,
        licence: Path | None,
        seconds: float,
        wall: float,
    ) -> None:
        out, views = self.options.out, measured["test"]
        net.eval()
        labels = {name: labels_of(pictures[name]) for name in measured}
        logits = {name: self.reader.logits(net, measured[name]) for name in measured}
        shape = logits["validation"].shape
        bias, temperature = calibrate(
            logits["validation"].reshape(-1), np.repeat(labels["validation"], shape[1])
        )
        log(f"bias {bias:.3f}, temperature {temperature:.3f}")
        emit("progress", phase="export", step=0, of=1)
        save_weights(net, out / "weights.safetensors")
        whole = save_for_transformers(net, card, bias, temperature, out / "checkpoint")
        served = Served(net.cpu(), card.side, bias, temperature)
        export_onnx(served, out / "model.onnx")
        emit("progress", phase="export", step=1, of=1)
        probabilities = 1 / (1 + np.exp(-np.clip((logits["test"] - bias) / temperature, -60, 60)))
        compared = compare(out / "model.onnx", views, probabilities, card.side, torch.get_num_threads())
        results: dict[str, Any] = {
            "recipe": json.loads(self.options.recipe.read_text()),
            "backbone": asdict(card) | {"firstWeights": self.first_weights()},
            "calibration": {"bias": bias, "temperature": temperature},
            "metrics": measure(probabilities, labels["test"], views.generations, views.levels),
            "validationReward": fit.run.best,
            "graph": compared,
            "data": [{"name": data.name, "fingerprint": data.fingerprint} for data in self.datasets],
            "pictures": {name: len(some) for name, some in pictures.items()},
            "history": fit.run.history or [],
            "steps": fit.run.step,
            "seconds": {"training": round(seconds, 1), "all": round(wall, 1)},
            "hardware": self.place.describe(),
            "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
            "checkpoint": whole,
            "licenceFile": None if licence is None else str(licence.relative_to(out)),
        }
        (out / "metrics.json").write_text(json.dumps(results, indent=2) + "\n")
        write_report(out / "report.html", results)
        emit("result", reward=fit.run.best, metrics="metrics.json", model="model.onnx")

    def first_weights(self) -> str:
        if self.options.weights is not None:
            return self.options.weights.name
        return "hub" if self.recipe.backbone.pretrained else "random"


def compare(
    model: Path, views: StoredViews, probabilities: NDArray[np.float64], side: int, threads: int
) -> dict[str, float]:
    """The graph against the network on real views: how many decisions differ, and by how much at most."""
    flat, said = views.pixels.reshape(-1, side, side, 3), probabilities.reshape(-1)
    chosen = np.unique(np.linspace(0, len(flat) - 1, COMPARED).astype(int))
    block = SIZE // side
    images = flat[chosen].repeat(block, axis=1).repeat(block, axis=2)
    graph = run_graph(open_graph(model, threads), images)
    flips = int(((graph > 0.5) != (said[chosen] > 0.5)).sum())
    if flips > len(chosen) // 100:
        warn(f"the graph decides otherwise than the network in {flips} of {len(chosen)} views")
    return {"views": len(chosen), "flips": flips, "worst": float(np.abs(graph - said[chosen]).max())}


def judged(logits: NDArray[np.float64], labels: NDArray[np.float32]) -> Figures:
    row = measure(logits + 0.5, labels, np.ones_like(logits, np.int8), np.zeros_like(logits, np.int8))[0][
        "values"
    ]
    true = np.broadcast_to(labels[:, None], logits.shape)
    loss = float(np.mean(np.logaddexp(0, logits) - logits * true))
    return {
        "reward": reward(logits, labels),
        "accuracy": row["accuracy"],
        "mcc": row["mcc"],
        "validationLoss": loss,
    }


def labels_of(pictures: list[Picture]) -> NDArray[np.float32]:
    return np.array([picture.entry.label for picture in pictures], np.float32)


__all__ = ["Options", "Recipe", "Training"]
