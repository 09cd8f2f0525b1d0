"""The same work on many things, in processes where that is asked for, results in order."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import cv2
import torch

A = TypeVar("A")
B = TypeVar("B")


def each(work: Callable[[A], B], tasks: Sequence[A], workers: int) -> Iterator[B]:
    if workers <= 1 or len(tasks) < 2 * workers:
        yield from map(work, tasks)
        return
    with multiprocessing.get_context("fork").Pool(workers, start_helper) as pool:
        yield from pool.imap(work, tasks, chunksize=8)


def start_helper() -> None:
    """One that can be ended: its owner's handlers of signals are not its own."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    single_thread()


def start_loader(_: int) -> None:
    """One that lasts until its owner has saved, also where a signal goes to all."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    single_thread()


def single_thread() -> None:
    """Several threads in each of many processes only get in each other's way."""
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
