"""The same work on many things, in processes where that is asked for, results in order."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import cv2
import torch

from sv72_train.progress import TrainError

A = TypeVar("A")
B = TypeVar("B")
"""Tasks that are handed over at once; those are still done when the rest is called off."""
CHUNK = 4


def each(work: Callable[[A], B], tasks: Sequence[A], workers: int) -> Generator[B, None, None]:
    if workers <= 1 or len(tasks) < 2 * workers:
        yield from map(work, tasks)
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), start_helper)
    try:
        yield from pool.map(work, tasks, chunksize=CHUNK)
    except BrokenProcessPool as error:
        raise helper_lost() from error
    finally:
        pool.shutdown(cancel_futures=True)


def helper_lost() -> TrainError:
    return TrainError(
        "memory",
        "a process that makes views was killed, as happens when memory runs out: give fewer --workers",
    )


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
