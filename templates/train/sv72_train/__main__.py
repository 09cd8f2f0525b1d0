"""python -m sv72_train train …: from datasets and a recipe to model.onnx, metrics.json and report.html."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from sv72_train.launch import STOPPED, run_shared
from sv72_train.progress import TrainError, emit, log


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="sv72_train", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a model")
    train.add_argument("--recipe", type=Path, required=True)
    train.add_argument(
        "--data", type=Path, action="append", required=True, help="dataset folder; may be repeated"
    )
    train.add_argument("--out", type=Path, required=True, help="checkpoint, model, metrics, report")
    train.add_argument(
        "--cache", type=Path, required=True, help="shrunk pictures, views, features, teacher's answers"
    )
    train.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    train.add_argument("--threads", type=int, default=0)
    train.add_argument("--workers", type=int, default=0, help="processes that make views")
    train.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    train.add_argument("--weights", type=Path, help="begin with these weights")
    train.add_argument("--licence", type=Path, help="text of the licence of --weights")
    train.add_argument(
        "--teacher", help="a bundle's folder, or the address of a server (with --teacher-model)"
    )
    train.add_argument("--teacher-model", help="a server's name of the teacher")
    return root


def main() -> int:
    given = parser().parse_args()
    try:
        return train(given)
    except TrainError as error:
        return fail(error.code, str(error))
    except OSError as error:
        if error.errno == 28:
            return fail("disk", "the disk is full")
        raise
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        from sv72_train.parallel import helper_lost

        return fail("memory", str(helper_lost()))


def train(given: argparse.Namespace) -> int:
    os.environ.setdefault("HF_HOME", str(given.cache / "hub"))
    processes = gpus_to_share(given.device)
    if processes > 1:
        log(f"{processes} GPUs share the work")
        return run_shared(processes, sys.argv[1:])
    from sv72_train.fit import Stopped
    from sv72_train.train import Options, Training

    options = Options(
        recipe=given.recipe,
        data=tuple(given.data),
        out=given.out,
        cache=given.cache,
        device=given.device,
        threads=given.threads,
        workers=given.workers,
        resume=given.resume,
        weights=given.weights,
        licence=given.licence,
        teacher=given.teacher,
        teacher_model=given.teacher_model,
    )
    try:
        training = Training(options)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, training.ask_to_stop)
        training.run()
    except Stopped:
        log("stopped; what was done is saved")
        return STOPPED
    return 0


def gpus_to_share(device: str) -> int:
    """How many processes this one has to start; 1: none."""
    if device == "cpu" or "RANK" in os.environ:
        return 1
    import torch

    return max(1, torch.cuda.device_count())


def fail(code: str, message: str) -> int:
    emit("result", error={"code": code, "message": message})
    log(f"failed: {message}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
