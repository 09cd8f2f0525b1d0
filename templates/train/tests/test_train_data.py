"""Datasets and the cache of pictures."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sv72_train.cache import prepare
from sv72_train.dataset import check_apart, gather, open_dataset
from sv72_train.progress import TrainError
from tests.train_support import rows_of, write_dataset, write_rows


def test_reads_what_the_folder_says(tmp_path: Path) -> None:
    data = open_dataset(write_dataset(tmp_path, 40))
    assert (data.name, len(data.split("train")), len(data.split("test"))) == ("striped", 24, 8)
    assert {entry.label for entry in gather([data], "validation")} == {0, 1}
    assert all(bool(entry.objects) == bool(entry.label) for entry in data.entries)


def test_a_changed_list_is_refused(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, 10)
    with (folder / "entries.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(TrainError, match="is not the one"):
        open_dataset(folder)


@pytest.mark.parametrize("path", ["../outside.jpg", "/etc/passwd"])
def test_a_picture_outside_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = write_dataset(tmp_path, 10)
    rows = rows_of(folder)
    rows[0]["path"] = path
    write_rows(folder, rows)
    with pytest.raises(TrainError, match="lies outside"):
        open_dataset(folder)


def test_one_class_is_not_enough(tmp_path: Path) -> None:
    data = open_dataset(write_dataset(tmp_path, 20, labels=[1]))
    with pytest.raises(TrainError, match="has no none: both classes are needed"):
        gather([data], "train")


def test_a_picture_must_not_be_trained_on_in_one_set_and_tested_on_in_another(tmp_path: Path) -> None:
    first = write_dataset(tmp_path / "a", 20)
    second = write_dataset(tmp_path / "b", 20)
    rows = rows_of(second)
    rows[0]["split"] = "test"
    write_rows(second, rows)
    with pytest.raises(TrainError, match="for train in one set and for test in another"):
        check_apart([open_dataset(first), open_dataset(second)])


@pytest.mark.parametrize("workers", [0, 2])
def test_pictures_are_shrunk_once_and_objects_with_them(tmp_path: Path, workers: int) -> None:
    entries = gather([open_dataset(write_dataset(tmp_path / "data", 40))], "train")
    pictures = prepare(entries, tmp_path / "cache", 90, workers)
    assert len(pictures) == len(entries)
    assert pictures[0].read().shape == (90, 120, 3)
    positive = next(p for p in pictures if p.entry.label)
    assert positive.objects[0][0] == pytest.approx(positive.entry.objects[0][0] / 2)
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.jpg")}
    assert prepare(entries, tmp_path / "cache", 90, workers) == pictures
    assert {path: path.stat().st_mtime_ns for path in written} == written


def test_small_pictures_are_read_where_they_are(tmp_path: Path) -> None:
    entries = gather([open_dataset(write_dataset(tmp_path / "data", 10))], "train")
    assert [p.path for p in prepare(entries, tmp_path / "cache", 768, 0)] == [e.path for e in entries]


def test_pictures_that_cannot_be_read_are_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = gather([open_dataset(write_dataset(tmp_path / "data", 40))], "train")
    entries[0].path.write_bytes(b"no picture")
    entries[1].path.unlink()
    pictures = prepare(entries, tmp_path / "cache", 90, 0)
    assert [p.entry for p in pictures] == entries[2:]
    out = capsys.readouterr().out
    assert '"event": "warning"' in out
    assert "2 pictures are left out" in out
    assert "was changed since the dataset was made" in out


@pytest.mark.parametrize("shorter", [90, 768])
def test_a_picture_that_changes_later_is_noticed_and_one_that_is_only_touched_stays(
    tmp_path: Path, shorter: int
) -> None:
    entries = gather([open_dataset(write_dataset(tmp_path / "data", 10))], "train")
    before = prepare(entries, tmp_path / "cache", shorter, 0)
    os.utime(entries[0].path, (1, 1))
    assert prepare(entries, tmp_path / "cache", shorter, 0) == before
    entries[1].path.write_bytes(entries[0].path.read_bytes())
    assert prepare(entries, tmp_path / "cache", shorter, 0) == [before[0], *before[2:]]


def test_an_exif_orientation_is_not_applied(tmp_path: Path) -> None:
    from sv72_train.cache import decode

    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(tmp_path / "x.jpg", exif=exif)
    assert decode((tmp_path / "x.jpg").read_bytes()).shape == (20, 30, 3)
