"""The loop: steps, epochs, checkpoints. Chance follows from seed and step: a resumed run is the same."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader

from sv72_train import checkpoint
from sv72_train.board import Board
from sv72_train.device import Place
from sv72_train.ema import follow
from sv72_train.optimizer import learning_rate, make_optimizer
from sv72_train.parallel import start_loader
from sv72_train.progress import Meter, TrainError, log, warn
from sv72_train.recipe import Recipe
from sv72_train.sampling import batches, hardest, highest_level, plan_epoch
from sv72_train.views import FreshViews, Key, StoredViews

T = TypeVar("T")
Figures = dict[str, float]


class Stopped(Exception):
    """The run was asked to stop, and can be continued."""


@dataclass(frozen=True)
class Lesson:
    """What is learnt from: inputs, labels, and soft labels (NaN: none)."""

    inputs: FreshViews | StoredViews
    labels: NDArray[np.float32]
    soft: NDArray[np.float32] | None = None


@dataclass
class Run:
    """How far a run is: what a checkpoint holds beside weights."""

    step: int = 0
    micro: int = 0
    seconds: float = 0.0
    loss_sum: float = 0.0
    loss_steps: int = 0
    best: float = -1.0
    history: list[dict[str, float]] | None = None
    pool: list[int] | None = None


class Fit:
    """Trains `model` on `lesson`; `judge` measures the averaged weights after each epoch."""

    def __init__(
        self,
        model: nn.Module,
        lesson: Lesson,
        recipe: Recipe,
        place: Place,
        folder: Path,
        *,
        judge: Callable[[nn.Module], Figures],
        logits: Callable[[nn.Module, NDArray[np.int64]], NDArray[np.float64]] | None = None,
        identity: dict[str, str],
        workers: int = 0,
        stop: Callable[[], bool] = lambda: False,
        save_every: float = 60.0,
    ) -> None:
        self.recipe, self.place, self.lesson, self.judge, self.logits = recipe, place, lesson, judge, logits
        self.folder, self.identity, self.workers, self.stop = folder, identity, workers, stop
        self.model = model.to(place.device)
        self.average = copy.deepcopy(self.model).requires_grad_(False).eval()
        self.optimizer = make_optimizer(self.model, recipe.optimizer)
        self.batch = min(recipe.batch, len(lesson.labels) // 2 * 2)
        if self.batch < 2 * place.world or self.batch % place.world:
            raise TrainError("recipe", f"a batch of {self.batch} cannot be shared by {place.world} processes")
        views = lesson.inputs.levels.shape[1] if isinstance(lesson.inputs, StoredViews) else 1
        length = len(lesson.labels) * views
        self.length, self.per_epoch = length, length // self.batch
        self.steps = self.per_epoch * recipe.epochs
        self.run = Run(micro=self.batch // place.world, history=[])
        self.total = torch.zeros((), dtype=torch.float64, device=place.device)
        self.best_state: dict[str, Tensor] | None = None
        self.save_every = save_every
        self.saved = time.monotonic()

    @property
    def file(self) -> Path:
        return self.folder / "checkpoint.pt"

    def resume(self) -> bool:
        """Goes on from the checkpoint, if there is one."""
        if not self.file.exists():
            return False
        state = checkpoint.load(self.file, self.identity)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.best_state = state["best"]
        self.run = Run(**state["run"])
        self.total.fill_(self.run.loss_sum)
        if state["threads"] != torch.get_num_threads() and self.place.device.type == "cpu":
            warn(
                f"the run was begun with {state['threads']} threads: other numbers of threads round otherwise"
            )
        log(f"going on from step {self.run.step} of {self.steps}")
        return True

    def save(self) -> None:
        if self.place.rank == 0:
            begun = time.monotonic()
            self.run.loss_sum = float(self.total)
            state: dict[str, Any] = {
                "identity": self.identity,
                "threads": torch.get_num_threads(),
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "best": self.best_state,
                "run": vars(self.run),
            }
            checkpoint.save(self.file, state)
            # Saving must not take more than a twentieth of the time.
            self.save_every = max(self.save_every, 20 * (time.monotonic() - begun))
        self.saved = time.monotonic()

    def train(self) -> nn.Module:
        """To the end; returns the averaged weights of the best epoch.

        Raises Stopped after a checkpoint when asked to stop.
        """
        board = Board(self.folder / "tensorboard", self.run.step)
        meter = Meter("train", self.steps, "images", origin=self.run.step)
        mark, before = time.monotonic(), self.run.seconds
        begun_at = self.run.step

        def clock() -> None:
            self.run.seconds = before + time.monotonic() - mark

        try:
            while self.run.step < self.steps:
                for pixels, keys in self.loader():
                    self.learn(pixels, keys)
                    if self.run.step == begun_at + 1:
                        self.place.assert_used(self.model)
                    meter.count(self.batch)
                    clock()
                    if meter.due(self.run.step):
                        meter.say(self.run.step, loss=self.mean_loss(), metrics=self.latest())
                        board.add(self.run.step, loss=self.mean_loss(), rate=self.rate())
                    if self.run.step % self.per_epoch:
                        self.pause()
                self.finish_epoch(board)
                clock()
                self.save()
                if self.run.step < self.steps and self.place.any(self.stop()):
                    self.stop_here()
        finally:
            board.close()
        if self.best_state is not None:
            self.average.load_state_dict(self.best_state)
        return self.average

    def pause(self) -> None:
        """In the middle of an epoch: saves when it is time, and ends when that is asked for."""
        if self.place.any(self.stop()):
            self.stop_here()
        if time.monotonic() - self.saved > self.save_every:
            self.save()

    def stop_here(self) -> None:
        self.save()
        # The others wait until the first process has written, or they would be taken for failed.
        self.place.leave()
        raise Stopped

    def loader(self) -> Iterator[tuple[Tensor, list[Key]]]:
        """What is left of the epoch: inputs and which they are."""
        epoch, first = divmod(self.run.step, self.per_epoch)
        hard = self.recipe.hard_negatives
        order = plan_epoch(
            self.lesson.labels,
            epoch,
            self.length,
            seed=self.recipe.seed,
            balanced=self.recipe.balanced,
            hard=np.array(self.run.pool, np.int64) if self.run.pool else None,
            hard_share=hard.share if hard else 0.0,
        )
        begin = epoch * self.per_epoch
        levels = [
            highest_level(begin + number, self.steps, self.recipe.curriculum)
            for number in range(self.per_epoch)
        ]
        keys = batches(order, epoch, self.batch, first, levels, self.place.rank, self.place.world)
        loader = DataLoader(
            self.lesson.inputs,
            batch_sampler=keys,
            num_workers=self.workers,
            collate_fn=whole,
            worker_init_fn=start_loader,
            pin_memory=self.place.device.type == "cuda",
            prefetch_factor=4 if self.workers > 0 else None,
        )
        return zip(loader, keys, strict=True)

    def learn(self, pixels: Tensor, keys: list[Key]) -> None:
        """One step on one batch."""
        numbers = np.array([key[0] for key in keys])
        device = self.place.device
        pixels = pixels.to(device, non_blocking=True)
        labels = torch.from_numpy(self.lesson.labels[numbers]).to(device)
        soft = None if self.lesson.soft is None else torch.from_numpy(self.lesson.soft[numbers]).to(device)
        torch.manual_seed((self.recipe.seed * 1_000_003 + self.run.step) * self.place.world + self.place.rank)
        if pixels.dtype == torch.uint8:
            pixels = self.vary(pixels)
        loss = self.gradients(pixels, labels, soft)
        self.place.mean(self.model)
        optimizer = self.recipe.optimizer
        nn.utils.clip_grad_norm_(self.model.parameters(), optimizer.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate() * group["scale"]
        self.optimizer.step()
        follow(self.average, self.model, self.recipe.ema, self.run.step)
        self.total += loss
        self.run.loss_steps += 1
        self.run.step += 1

    def mean_loss(self) -> float:
        """Of the epoch so far. Reading it waits for the GPU, so it is not read at every step."""
        loss = float(self.total) / max(1, self.run.loss_steps)
        if not math.isfinite(loss):
            raise TrainError("diverged", "the loss is not a number any more: lower the learning rate")
        return loss

    def latest(self) -> Figures:
        last = (self.run.history or [{}])[-1]
        return {name: last[name] for name in ("reward", "accuracy") if name in last}

    def rate(self) -> float:
        return learning_rate(self.run.step, self.steps, self.recipe.optimizer)

    def gradients(self, pixels: Tensor, labels: Tensor, soft: Tensor | None) -> Tensor:
        """Of the whole batch, in as many pieces as memory asks for. Returns the loss."""
        while True:
            self.optimizer.zero_grad(set_to_none=True)
            self.model.train()
            full = False
            total = torch.zeros((), device=pixels.device)
            try:
                for at in range(0, len(pixels), self.run.micro):
                    part = slice(at, at + self.run.micro)
                    loss = self.loss(pixels[part], labels[part], None if soft is None else soft[part])
                    loss = loss * (len(labels[part]) / len(labels))
                    loss.backward()
                    total += loss.detach()
            except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                full = True
            if not self.place.any(full):
                return total
            self.halve()

    def halve(self) -> None:
        if self.run.micro <= 1:
            raise TrainError(
                "memory", "one picture at a time is already too much for the memory that is there"
            )
        self.run.micro = -(-self.run.micro // 2)
        self.optimizer.zero_grad(set_to_none=True)
        if self.place.device.type == "cuda":
            torch.cuda.empty_cache()
        warn(f"out of memory: going on with {self.run.micro} pictures at a time, gradients added up")

    def loss(self, pixels: Tensor, labels: Tensor, soft: Tensor | None) -> Tensor:
        recipe = self.recipe
        with torch.autocast(pixels.device.type, torch.bfloat16, enabled=recipe.precision == "bf16"):
            logit = self.model(pixels)
        target = labels * (1 - recipe.label_smoothing) + recipe.label_smoothing / 2
        loss = nn.functional.binary_cross_entropy_with_logits(logit.float(), target, reduction="none")
        if soft is not None and recipe.distill is not None:
            loss = distilled(loss, logit.float(), soft, recipe.distill.weight, recipe.distill.temperature)
        return loss.mean()

    def vary(self, pixels: Tensor) -> Tensor:
        """Mirrors half of a batch and changes brightness; all else is in the views already."""
        views = self.recipe.views
        rng = np.random.default_rng([self.recipe.seed, 2, self.run.step, self.place.rank])
        mirrored = torch.from_numpy(rng.random(len(pixels)) < 0.5).to(pixels.device)
        gain = rng.uniform(1 - views.brightness, 1 + views.brightness, len(pixels)).astype(np.float32)
        if views.flip:
            pixels = torch.where(mirrored[:, None, None, None], pixels.flip(2), pixels)
        if views.brightness:
            pixels = pixels.float() * torch.from_numpy(gain).to(pixels.device)[:, None, None, None]
        return pixels

    def finish_epoch(self, board: Board) -> None:
        epoch = self.run.step // self.per_epoch
        loss = self.mean_loss()
        self.total.zero_()
        self.run.loss_steps = 0
        if self.place.rank == 0:
            figures = self.judge(self.average)
            self.run.history = [
                *(self.run.history or []),
                {"epoch": epoch, "step": self.run.step, "loss": loss, "rate": self.rate(), **figures},
            ]
            board.add(self.run.step, **{f"validation/{name}": value for name, value in figures.items()})
            log(f"epoch {epoch}/{self.recipe.epochs}: loss {loss:.4f}, {figures}")
            if figures["reward"] >= self.run.best:
                self.run.best = figures["reward"]
                self.best_state = {k: v.detach().cpu().clone() for k, v in self.average.state_dict().items()}
        hard = self.recipe.hard_negatives
        if hard and self.logits and epoch % hard.every == 0 and self.run.step < self.steps:
            negatives = np.flatnonzero(self.lesson.labels <= 0.5)
            pool: list[int] = []
            if self.place.rank == 0:
                logits = np.zeros(len(self.lesson.labels))
                logits[negatives] = self.logits(self.average, negatives)
                pool = hardest(logits, self.lesson.labels, hard).tolist()
            self.run.pool = self.place.same(pool)


def distilled(loss: Tensor, logit: Tensor, soft: Tensor, weight: float, temperature: float) -> Tensor:
    """(1 - w) loss + w T² times the teacher's cross-entropy at temperature T, where there is a soft label."""
    known = ~soft.isnan()
    teacher = torch.logit(torch.where(known, soft, 0.5), eps=1e-4) / temperature
    other = nn.functional.binary_cross_entropy_with_logits(
        logit / temperature, teacher.sigmoid(), reduction="none"
    )
    return torch.where(known, (1 - weight) * loss + weight * temperature**2 * other, loss)


def out_of_memory(error: BaseException) -> bool:
    kinds = (torch.OutOfMemoryError, MemoryError)
    return (
        isinstance(error, kinds) or "can't allocate memory" in str(error) or "not enough memory" in str(error)
    )


def whole(batch: T) -> T:
    """The views come as one tensor already."""
    return batch
