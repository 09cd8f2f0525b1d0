"""What a job says while it runs: one JSON object a line on stdout; the log goes to stderr."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable


class TrainError(Exception):
    """A failure with a name that the caller knows, and one sentence for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def is_first() -> bool:
    """Whether this is the process that speaks and writes, of several that torchrun started."""
    return int(os.environ.get("RANK", "0")) == 0


def emit(event: str, **fields: object) -> None:
    if is_first():
        line = json.dumps({"event": event, **{k: tidy(v) for k, v in fields.items() if v is not None}})
        print(line, flush=True)


def tidy(value: object) -> object:
    """JSON has no NaN and no infinity, and six digits are enough."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: tidy(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [tidy(v) for v in value]
    return value


def warn(message: str) -> None:
    emit("warning", message=message)
    log(message)


def log(line: str) -> None:
    if is_first():
        print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


class Meter:
    """Progress of one phase, said at most once in `every` seconds and always at the end.

    `origin`: the step that it begins with, where it goes on from something.
    """

    def __init__(
        self,
        phase: str,
        of: int,
        unit: str,
        origin: int = 0,
        every: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.phase, self.of, self.unit, self.origin = phase, of, f"{unit}/s", origin
        self.every, self.clock = every, clock
        self.begun = self.said = clock()
        self.done = 0

    def count(self, amount: int) -> None:
        self.done += amount

    def due(self, step: int) -> bool:
        return step >= self.of or self.clock() - self.said >= self.every

    def say(self, step: int, **fields: object) -> None:
        """`step` of `of` is reached."""
        self.said = self.clock()
        passed = max(self.said - self.begun, 1e-9)
        rate = self.done / passed
        steps = step - self.origin
        eta = (self.of - step) * passed / steps if steps > 0 else None
        emit(
            "progress", phase=self.phase, step=step, of=self.of, rate=rate, unit=self.unit, eta=eta, **fields
        )

    def add(self, step: int, amount: int) -> None:
        self.count(amount)
        if self.due(step):
            self.say(step)
