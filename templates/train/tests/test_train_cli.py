"""The program itself: killed and resumed, stopped, started wrongly, by several processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboardX.proto.event_pb2 import Event

from tests.train_support import write_dataset, write_recipe

HERE = Path(__file__).parents[1]
ENV = {**os.environ, "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli")
    write_dataset(place / "data", 80)
    write_recipe(place / "recipe.json", epochs=12)
    return place


def words(folder: Path, out: str, *more: str) -> list[str]:
    given = ("--recipe", folder / "recipe.json", "--data", folder / "data", "--cache", folder / "cache")
    fixed = ("--device", "cpu", "--threads", "1", "--out", folder / out)
    return ["-m", "sv72_train", "train", *map(str, (*given, *fixed, *more))]


def run(*args: str, env: dict[str, str] = ENV) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run([sys.executable, *args], env=env, cwd="/", capture_output=True, text=True)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in (0, 1, 2, 75), done.stderr[-2000:]
    return done.returncode, records


def interrupt(folder: Path, out: str, with_signal: signal.Signals, *more: str) -> int:
    """Sends a signal in the middle of training, after the first epoch."""
    child = subprocess.Popen(
        [sys.executable, *words(folder, out, *more)], env=ENV, cwd="/", stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for line in child.stdout:
        record = json.loads(line)
        if record.get("phase") == "train" and record["step"] < record["of"] and record["metrics"]:
            child.send_signal(with_signal)
            break
    child.stdout.read()
    return child.wait()


def test_killed_or_stopped_and_resumed_it_ends_as_if_nothing_had_happened(folder: Path) -> None:
    code, records = run(*words(folder, "through"))
    assert code == 0
    assert records[-1]["event"] == "result"
    assert interrupt(folder, "killed", signal.SIGKILL) == -signal.SIGKILL
    assert interrupt(folder, "killed", signal.SIGTERM, "--resume") == 75
    assert run(*words(folder, "killed", "--resume"))[0] == 0
    through, killed = (folder / name for name in ("through", "killed"))
    for name in ("weights.safetensors", "model.onnx"):
        assert (killed / name).read_bytes() == (through / name).read_bytes(), name
    results = [json.loads((place / "metrics.json").read_text()) for place in (through, killed)]
    assert results[0]["history"] == results[1]["history"]
    assert results[0]["metrics"] == results[1]["metrics"]
    assert len(results[0]["history"]) == 12
    assert results[0]["graph"]["flips"] == 0
    report = (through / "report.html").read_text()
    assert report.count("<polyline") >= 4
    assert "generation 2, level 3" in report
    assert {tag for tag, _ in scalars(through / "tensorboard")} >= {"loss", "rate", "validation/reward"}


def scalars(folder: Path) -> list[tuple[str, int]]:
    """Names and steps in the event files: length (8), checksum (4), event, checksum (4)."""
    found: list[tuple[str, int]] = []
    for file in folder.iterdir():
        data, at = file.read_bytes(), 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 8], "little")
            event = Event.FromString(data[at + 12 : at + 12 + length])
            found.extend((value.tag, event.step) for value in event.summary.value)
            at += 16 + length
    return found


def test_what_is_wrong_is_one_sentence_and_a_name(folder: Path) -> None:
    def error(*args: str) -> tuple[int, dict[str, str]]:
        code, records = run(*args)
        return code, records[-1]["error"]

    gpu = words(folder, "gpu")
    gpu[gpu.index("cpu")] = "cuda"
    assert error(*gpu) == (1, {"code": "gpu", "message": "a GPU was asked for, but torch sees none here"})
    (folder / "there").mkdir(exist_ok=True)
    (folder / "there" / "checkpoint.pt").touch()
    assert error(*words(folder, "there"))[1]["code"] == "exists"
    assert error(*words(folder, "there", "--resume"))[1]["code"] == "checkpoint"


def test_several_processes_stop_together_and_go_on(folder: Path) -> None:
    script = "import sys; from sv72_train.launch import run_shared; sys.exit(run_shared(2, sys.argv[1:]))"
    command = [sys.executable, "-c", script, *words(folder, "shared")[2:]]
    child = subprocess.Popen(command, env=ENV, cwd="/", stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line).get("phase") == "train":
            child.send_signal(signal.SIGTERM)
            break
    child.stdout.read()
    assert child.wait() == 75
    assert (folder / "shared" / "checkpoint.pt").exists()
    done = subprocess.run([*command, "--resume"], env=ENV, cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "result"


def test_several_processes_train_one_model(folder: Path) -> None:
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    args = words(folder, "two")
    code, records = run(*launcher, *args)
    assert code == 0
    results = [record for record in records if record["event"] == "result"]
    assert len(results) == 1, "one process speaks for all"
    assert results[0]["reward"] > 0.3
