"""The dataset folder: dataset.json, entries.jsonl and pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sv72_train.progress import TrainError

FORMAT = 1


@dataclass(frozen=True)
class Entry:
    path: Path
    sha256: str
    label: int
    split: str
    soft: float | None
    source: str
    """Points inside the objects, pixels of the picture as stored."""
    objects: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Dataset:
    name: str
    """SHA-256 of entries.jsonl: covers every picture, label and split."""
    fingerprint: str
    entries: tuple[Entry, ...]

    def split(self, name: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.split == name]


def open_dataset(folder: Path) -> Dataset:
    try:
        manifest = json.loads((folder / "dataset.json").read_text())
        lines = (folder / "entries.jsonl").read_bytes()
    except (OSError, ValueError) as error:
        raise TrainError("data", f"{folder} is not a dataset: {error}") from error
    if manifest.get("format") != FORMAT:
        raise TrainError("data", f"{folder} has format {manifest.get('format')}; only {FORMAT} is known")
    fingerprint = hashlib.sha256(lines).hexdigest()
    if fingerprint != manifest["entries"]["sha256"]:
        raise TrainError(
            "data", f"entries.jsonl of {folder} is not the one that dataset.json was written for"
        )
    entries = tuple(to_entry(folder, json.loads(line)) for line in lines.splitlines() if line)
    return Dataset(str(manifest["name"]), fingerprint, entries)


def to_entry(folder: Path, row: dict[str, object]) -> Entry:
    path, soft, objects = row["path"], row.get("soft"), row.get("objects")
    if not isinstance(path, str) or ".." in Path(path).parts or Path(path).is_absolute():
        raise TrainError("data", f"a picture of {folder} lies outside of it: {path!r}")
    return Entry(
        path=folder / path,
        sha256=str(row["sha256"]),
        label=1 if row["label"] == 1 else 0,
        split=str(row["split"]),
        soft=float(soft) if isinstance(soft, int | float) else None,
        source=str(row["source"]),
        objects=tuple((float(x), float(y)) for x, y in objects) if isinstance(objects, list) else (),
    )


def gather(datasets: Sequence[Dataset], split: str) -> list[Entry]:
    """The entries of a split of all sets, each picture once; both classes must be there."""
    seen = {entry.sha256: entry for data in reversed(datasets) for entry in data.split(split)}
    entries = sorted(seen.values(), key=lambda entry: entry.sha256)
    labels = {entry.label for entry in entries}
    if len(labels) < 2:
        missing = "pictures" if not labels else "roadwork" if 0 in labels else "none"
        raise TrainError("classes", f"the {split} split has no {missing}: both classes are needed")
    return entries


def check_apart(datasets: Sequence[Dataset]) -> None:
    """No picture may be trained on in one set and tested on in another."""
    split_of: dict[str, str] = {}
    for data in datasets:
        for entry in data.entries:
            other = split_of.setdefault(entry.sha256, entry.split)
            if "train" in (other, entry.split) and other != entry.split:
                raise TrainError(
                    "data",
                    f"picture {entry.sha256[:12]} is for {other} in one set and for {entry.split} in another",
                )
