"""The generator with a painter of flat colours in the place of Stable Diffusion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from sv72_train import synth
from sv72_train.progress import TrainError
from sv72_train.synth import Task


def write_plan(folder: Path, count: int = 3, begin: str | None = None) -> Path:
    tasks = [{"name": f"p{i}", "prompt": f"street {i}", "seed": i, "begin": begin} for i in range(count)]
    path = folder / "plan.json"
    path.write_text(json.dumps({"tasks": tasks}))
    return path


class Flat:
    def __init__(self) -> None:
        self.painted: list[str] = []
        self.begins: list[tuple[int, int] | None] = []

    def __call__(self, task: Task, begin: Image.Image | None) -> Image.Image:
        self.painted.append(task.name)
        self.begins.append(begin.size if begin else None)
        return Image.new("RGB", (32, 32), (task.seed, 0, 0))


def run(plan: Path, out: Path, painter: Flat, *more: str) -> int:
    return synth.main(["--plan", str(plan), "--out", str(out), *more], lambda _: painter)


def test_paints_what_the_plan_says_and_only_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, out, painter = write_plan(tmp_path), tmp_path / "out", Flat()
    assert run(plan, out, painter) == 0
    assert sorted(p.name for p in out.iterdir()) == ["p0.jpg", "p1.jpg", "p2.jpg"]
    assert Image.open(out / "p2.jpg").size == (32, 32)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-2]["event"] == "progress" and lines[-2]["step"] == lines[-2]["of"] == 3
    assert lines[-1] == {"event": "result", "pictures": 3}
    (out / "p1.jpg").unlink()
    assert run(plan, out, painter) == 0
    assert painter.painted == ["p0", "p1", "p2", "p1"]


def test_stops_after_the_picture_under_way(tmp_path: Path) -> None:
    tasks, painter = synth.read_plan(write_plan(tmp_path)), Flat()
    assert not synth.paint_all(tasks, tmp_path / "out", None, painter, lambda: len(painter.painted) == 2)
    assert painter.painted == ["p0", "p1"]
    assert [task.name for task in synth.missing(tasks, tmp_path / "out")] == ["p2"]


def test_begins_with_a_picture_that_fits(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1000)).save(tmp_path / "large.jpg")
    Image.new("L", (320, 240)).save(tmp_path / "small.png")
    large, small = Flat(), Flat()
    data = ("--data", str(tmp_path))
    assert run(write_plan(tmp_path, 1, "large.jpg"), tmp_path / "a", large, *data) == 0
    assert run(write_plan(tmp_path, 1, "small.png"), tmp_path / "b", small, *data) == 0
    assert (large.begins, small.begins) == ([(1024, 1024)], [(320, 240)])


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"tasks": [{}]}',
        '{"tasks": [{"name": "../x", "prompt": "", "seed": 1}]}',
        '{"tasks": [{"name": "x", "prompt": "", "seed": 1, "begin": "../x.jpg"}]}',
    ],
)
def test_refuses_what_is_no_plan(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(text)
    with pytest.raises(TrainError):
        synth.read_plan(plan)
    assert run(plan, tmp_path / "out", Flat()) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "plan"


class Recorder:
    """A pipeline that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.images = [Image.new("RGB", (8, 8))]

    def __call__(self, **settings: object) -> Recorder:
        self.asked.append(settings)
        return self


def test_asks_the_pipelines_for_what_validators_ask_them() -> None:
    text, image = Recorder(), Recorder()
    paint = synth.painter(text, image, lambda seed: seed)
    begin = Image.new("RGB", (16, 16))
    paint(Task("a", "a street", 7, None), None)
    paint(Task("b", "a road", 8, "x.jpg"), begin)
    common = {"num_inference_steps": 25, "guidance_scale": 8.0}
    blur = synth.UNWANTED_BLUR
    assert text.asked == [
        {"prompt": "a street", "generator": 7, "negative_prompt": f"{synth.UNWANTED}, {blur}", **common}
    ]
    assert image.asked == [
        {
            "prompt": "a road",
            "generator": 8,
            "negative_prompt": synth.UNWANTED,
            "image": begin,
            "strength": 0.7,
            **common,
        }
    ]
    assert synth.MODEL == "stabilityai/stable-diffusion-xl-base-1.0"
