from pathlib import Path

import pytest

from demo_trainer.views import Views, load_views
from tests.conftest import write_views


def test_reads_what_was_written(views: Views) -> None:
    assert views.pixels.shape == (256, 112, 112, 3)
    assert views.seeds == "10-265"
    assert list(views.condition(1, 2, False)[:2]) == [2, 6]
    assert len(views.condition(2, 0, False)) == 0


def test_refuses_a_short_file(tmp_path: Path) -> None:
    write_views(tmp_path, "train", 4)
    data = (tmp_path / "train.bin").read_bytes()
    (tmp_path / "train.bin").write_bytes(data[:-1])
    with pytest.raises(ValueError, match="does not hold 4 views"):
        load_views(tmp_path, "train")
