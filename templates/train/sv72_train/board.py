"""TensorBoard's event files."""

from __future__ import annotations

from pathlib import Path

from tensorboardX import SummaryWriter

from sv72_train.progress import is_first


class Board:
    def __init__(self, folder: Path, step: int) -> None:
        """`step`: where a resumed run goes on; what was written after it does not count any more."""
        self.writer = SummaryWriter(str(folder), purge_step=step) if is_first() else None

    def add(self, step: int, **values: float) -> None:
        if self.writer is not None:
            for name, value in values.items():
                self.writer.add_scalar(name, value, step)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
