"""Several GPUs: torchrun starts a process for each; this one passes on the wish to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

"""Of a job that saved and stopped because it was asked to."""
STOPPED = 75


def run_shared(processes: int, words: Sequence[str]) -> int:
    """The same command in several processes.

    torchrun itself kills them 30 seconds after it is asked to stop, and ends as if they had failed, so they
    are asked directly.
    """
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    child = subprocess.Popen([sys.executable, *launcher, "-m", "sv72_train", *words])
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        asked = True
        for pid in children(child.pid) or [child.pid]:
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = child.wait()
    return STOPPED if asked and code != 0 else code


def children(pid: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        found.extend(int(word) for word in file.read_text().split())
    return found
