"""Where the run computes, and how many processes share it."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn

from sv72_train.progress import TrainError

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    device: torch.device
    rank: int = 0
    world: int = 1

    def assert_used(self, model: nn.Module) -> None:
        """A run that was to use the GPU must not have been on the CPU all along."""
        where = {p.device.type for p in model.parameters()}
        idle = self.device.type == "cuda" and torch.cuda.max_memory_allocated(self.device) == 0
        if where != {self.device.type} or idle:
            raise TrainError("gpu", f"the model is on {', '.join(sorted(where))}, not on {self.device.type}")

    def mean(self, model: nn.Module) -> None:
        """Averages gradients over all processes, in one piece."""
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        if self.world == 1 or not gradients:
            return
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        flat /= self.world
        for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))

    def first(self, work: Callable[[], T]) -> T:
        """What fills shared files is done by one process; the others find them filled."""
        if self.world == 1:
            return work()
        if self.rank == 0:
            result = work()
            dist.barrier()
            return result
        dist.barrier()
        return work()

    def same(self, value: T) -> T:
        """The first process's value, in all."""
        if self.world == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, device=self.device)
        return box[0]

    def any(self, value: bool) -> bool:
        """Whether it is so in any of the processes."""
        if self.world == 1:
            return value
        flag = torch.tensor([float(value)], device=self.device)
        dist.all_reduce(flag, op=dist.ReduceOp.MAX)
        return bool(flag.item())

    def leave(self) -> None:
        """Called by all at once, when they need each other no more.

        A process that ends while its threads still listen to the others may be aborted on its way out.
        """
        if self.world > 1:
            dist.barrier()
            dist.destroy_process_group()

    def describe(self) -> str:
        if self.device.type == "cuda":
            return f"{self.world} x {torch.cuda.get_device_name(self.device)}"
        return f"{processor()}, {torch.get_num_threads()} threads"


def choose_device(wanted: str) -> Place:
    """`cuda` is taken at its word: without a GPU that can compute, nothing is trained."""
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    kind = wanted if wanted != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    if kind == "cuda" and not torch.cuda.is_available():
        raise TrainError("gpu", "a GPU was asked for, but torch sees none here")
    if kind == "cpu" and wanted == "auto" and has_gpu():
        raise TrainError("gpu", "there is a GPU, but torch cannot use it; say --device cpu to train without")
    device = torch.device(f"cuda:{local}" if kind == "cuda" else "cpu")
    if kind == "cuda":
        torch.cuda.set_device(device)
        try:
            (torch.ones(16, 16, device=device) @ torch.ones(16, 16, device=device)).sum().item()
        except Exception as error:
            name = torch.cuda.get_device_name(device)
            raise TrainError("gpu", f"this torch cannot compute on {name}: {str(error)[:120]}") from error
        # TF32 in matrix products; cuDNN's convolutions use it by default.
        torch.set_float32_matmul_precision("high")
    if world > 1:
        dist.init_process_group("nccl" if kind == "cuda" else "gloo", timeout=timedelta(hours=6))
    return Place(device, rank, world)


def has_gpu() -> bool:
    """Whether the machine shows a GPU that this process was not told to leave alone."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") == "":
        return False
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        return names[0] if names else platform.machine()
    except OSError:
        return platform.machine()
