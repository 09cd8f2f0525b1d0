"""The whole generator, with torch and diffusers played by modules that remember what they were asked."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from PIL import Image

from sv72_train import synth


class Vae:
    def enable_slicing(self) -> None: ...
    def enable_tiling(self) -> None: ...


class Pipeline:
    """Both pipelines of diffusers, whose pictures are as grey as their seed."""

    loaded: list[tuple[str, dict[str, object]]]
    asked: list[dict[str, object]]
    pid: int | None

    def __init__(self) -> None:
        self.vae, self.device = Vae(), "cpu"

    @classmethod
    def from_pretrained(cls, model: str, **settings: object) -> Pipeline:
        cls.loaded.append((model, settings))
        return cls()

    @classmethod
    def from_pipe(cls, other: Pipeline) -> Pipeline:
        assert other.device == "cuda"
        return cls()

    def to(self, device: str) -> None:
        self.device = device

    def set_progress_bar_config(self, *, disable: bool) -> None:
        assert disable

    def __call__(self, **settings: object) -> Pipeline:
        self.asked.append(settings)
        if self.pid is not None:
            os.kill(self.pid, signal.SIGTERM)
        seed = settings["generator"]
        assert isinstance(seed, int)
        self.images = [Image.new("RGB", (32, 32), (seed, seed, seed))]
        return self


class Generator:
    def __init__(self, device: str) -> None:
        assert device == "cpu"

    def manual_seed(self, seed: int) -> int:
        return seed


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> type[Pipeline]:
    class Fresh(Pipeline):
        loaded, asked, pid = [], [], None

    play(monkeypatch, gpu=True)
    diffusers = ModuleType("diffusers")
    for name in ("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline"):
        setattr(diffusers, name, Fresh)
    monkeypatch.setitem(sys.modules, "diffusers", diffusers)
    return Fresh


def play(monkeypatch: pytest.MonkeyPatch, *, gpu: bool) -> None:
    torch = ModuleType("torch")
    cuda = SimpleNamespace(is_available=lambda: gpu)
    for name, value in {"cuda": cuda, "float16": "half", "Generator": Generator}.items():
        setattr(torch, name, value)
    monkeypatch.setitem(sys.modules, "torch", torch)


@pytest.fixture
def order(tmp_path: Path) -> list[str]:
    """A plan of one picture from noise and one from a photograph, as the command line that paints it."""
    data = tmp_path / "data"
    data.mkdir()
    Image.new("RGB", (2000, 100)).save(data / "a.jpg")
    rows = [("p0", None), ("p1", "a.jpg")]
    tasks = [{"name": n, "prompt": "a street", "seed": i, "begin": b} for i, (n, b) in enumerate(rows)]
    (tmp_path / "plan.json").write_text(json.dumps({"tasks": tasks}))
    out = str(tmp_path / "out")
    return ["--plan", str(tmp_path / "plan.json"), "--out", out, "--data", str(data)]


def test_loads_half_precision_once_and_paints_both_ways(
    pipeline: type[Pipeline], order: list[str], tmp_path: Path
) -> None:
    assert synth.main(order) == 0
    settings = {"torch_dtype": "half", "variant": "fp16", "use_safetensors": True, "add_watermarker": False}
    assert pipeline.loaded == [(synth.MODEL, settings)]
    begins = [asked.get("image") for asked in pipeline.asked]
    assert begins[0] is None and isinstance(begins[1], Image.Image) and begins[1].size == (1024, 1024)
    assert Image.open(tmp_path / "out" / "p1.jpg").getpixel((0, 0)) == (1, 1, 1)
    assert synth.main(order) == 0
    assert len(pipeline.loaded) == 1, "what is there already needs no model"


def test_sigterm_keeps_the_picture_under_way(
    pipeline: type[Pipeline], order: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(pipeline, "pid", os.getpid())
    try:
        assert synth.main(order) == synth.STOPPED
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["p0.jpg"]


def test_without_a_gpu_it_says_so_and_paints_nothing(
    order: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, gpu=False)
    assert synth.main(order) == 1
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["error"]["code"] == "gpu"
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_one_sentence(
    pipeline: type[Pipeline],
    order: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    assert synth.main(order) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == {
        "code": "disk",
        "message": "the disk is full",
    }


def test_a_beginning_that_is_damaged_is_named(
    pipeline: type[Pipeline], order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data" / "a.jpg").write_bytes(b"no picture")
    assert synth.main(order) == 1
    error = json.loads(capsys.readouterr().out.splitlines()[-1])["error"]
    assert error["code"] == "plan" and "p1" in error["message"]
