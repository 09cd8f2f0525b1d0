"""What a run leaves to be continued from: one file, replaced whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from sv72_train.progress import TrainError

FORMAT = 1


def save(path: Path, state: dict[str, Any]) -> None:
    """Written beside, flushed, then renamed: an interruption leaves the old checkpoint or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            torch.save({"format": FORMAT, **state}, file)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, RuntimeError) as error:
        fresh.unlink(missing_ok=True)
        raise TrainError("disk", f"the checkpoint {path.name} could not be written: {error}") from error
    fresh.replace(path)


def load(path: Path, identity: dict[str, str]) -> dict[str, Any]:
    """The state, if it was made of the same recipe and the same data.

    `identity`: names (recipe, data, …) and fingerprints.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise TrainError("checkpoint", f"{path} is damaged or no checkpoint") from error
    if state.get("format") != FORMAT:
        raise TrainError("checkpoint", f"{path} has a format that is not known")
    for name, fingerprint in identity.items():
        if state["identity"].get(name) != fingerprint:
            code = "data-changed" if name == "data" else "recipe-changed"
            what = "first weights are not those" if name == "weights" else f"{name} is not the one"
            raise TrainError(code, f"the {what} that this run was begun with")
    return state
