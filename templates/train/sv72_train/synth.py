"""python -m sv72_train.synth: pictures as validators generate theirs, by a plan of what each is to show."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sv72_train.progress import Meter, TrainError, emit, log

if TYPE_CHECKING:
    from PIL.Image import Image

STOPPED = 75
MODEL = "stabilityai/stable-diffusion-xl-base-1.0"

"""What validators set (January to May 2026). Text to picture names blur among what is not wanted, too."""
STEPS, GUIDANCE, STRENGTH, SIDE = 25, 8.0, 0.7, 1024
UNWANTED = (
    "cartoon, anime, painting, drawing, artistic, stylized, illustration, sketch, unrealistic, "
    "fake, artificial, 3d render, cgi, video game, fantasy, sci-fi, aerial view, bird's eye view, "
    "satellite view, drone footage, helicopter view, top-down view, security camera, cctv, "
    "surveillance camera, indoor scene, interior, portrait, face, person close-up, selfie, "
    "vibrant colors, oversaturated, neon, glowing, night vision, thermal imaging, fisheye lens, "
    "wide angle distortion"
)
UNWANTED_BLUR = (
    "motion blur, blurry, out of focus, unfocused, soft focus, speed blur, camera shake, movement blur"
)


@dataclass(frozen=True)
class Task:
    """One picture of the plan."""

    name: str
    prompt: str
    seed: int
    """Path of the picture that it begins with, inside the data folder; None: it begins with noise."""
    begin: str | None


class Painter(Protocol):
    """Turns a task, and the picture that it begins with, into a picture."""

    def __call__(self, task: Task, begin: Image | None) -> Image: ...


class Painted(Protocol):
    images: list[Image]


class Pipeline(Protocol):
    """Of diffusers."""

    def __call__(self, **settings: object) -> Painted: ...


def read_plan(path: Path) -> list[Task]:
    try:
        rows = json.loads(path.read_text())["tasks"]
        tasks = [Task(str(r["name"]), str(r["prompt"]), int(r["seed"]), r.get("begin")) for r in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainError("plan", f"{path} is not a plan: {error}") from error
    for task in tasks:
        outside = task.begin is not None and (
            ".." in Path(task.begin).parts or Path(task.begin).is_absolute()
        )
        if Path(task.name).name != task.name or outside:
            raise TrainError("plan", f"the task {task.name!r} leads out of its folder")
    return tasks


def paint_all(
    tasks: list[Task], out: Path, data: Path | None, painter: Painter, stop: Callable[[], bool]
) -> bool:
    """Paints what is not there yet. Files appear whole; False: it was asked to stop."""
    out.mkdir(parents=True, exist_ok=True)
    todo = list(missing(tasks, out))
    meter = Meter("generate", len(tasks), "images", origin=len(tasks) - len(todo))
    for index, task in enumerate(todo):
        if stop():
            return False
        picture = painter(task, begin_of(task, data))
        part = out / f".{task.name}.part"
        picture.convert("RGB").save(part, "JPEG", quality=95, subsampling=0)
        os.replace(part, out / f"{task.name}.jpg")
        meter.add(len(tasks) - len(todo) + index + 1, 1)
    return True


def missing(tasks: list[Task], out: Path) -> Iterator[Task]:
    return (task for task in tasks if not (out / f"{task.name}.jpg").exists())


def begin_of(task: Task, data: Path | None) -> Image | None:
    """The picture that it begins with: larger ones are squeezed to a square, as validators do."""
    if task.begin is None:
        return None
    from PIL import Image

    if data is None:
        raise TrainError("plan", f"the task {task.name} begins with a picture, but there is no --data")
    try:
        with Image.open(data / task.begin) as opened:
            picture = opened.convert("RGB")
    except OSError as error:
        raise TrainError("plan", f"the beginning of {task.name} cannot be read: {error}") from error
    if picture.width > SIDE or picture.height > SIDE:
        picture = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return picture


def sdxl(model: str) -> Painter:
    """Stable Diffusion XL in half precision on the GPU. Weights come from the Hub's cache or the Hub."""
    import torch

    if not torch.cuda.is_available():
        raise TrainError("gpu", "no GPU can be used; on a CPU one picture would take half an hour")
    from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline

    log(f"loading {model}")
    text = StableDiffusionXLPipeline.from_pretrained(
        model, torch_dtype=torch.float16, variant="fp16", use_safetensors=True, add_watermarker=False
    )
    text.vae.enable_slicing()
    text.vae.enable_tiling()
    text.to("cuda")
    image = StableDiffusionXLImg2ImgPipeline.from_pipe(text)
    for pipeline in (text, image):
        pipeline.set_progress_bar_config(disable=True)
    # Noise drawn on the CPU is the same on every GPU.
    return painter(text, image, lambda seed: torch.Generator("cpu").manual_seed(seed))


def painter(text: Pipeline, image: Pipeline, generator: Callable[[int], object]) -> Painter:
    """Asks the pipelines for what validators ask them."""

    def paint(task: Task, begin: Image | None) -> Image:
        settings = {
            "prompt": task.prompt,
            "num_inference_steps": STEPS,
            "guidance_scale": GUIDANCE,
            "generator": generator(task.seed),
        }
        if begin is None:
            return text(**settings, negative_prompt=f"{UNWANTED}, {UNWANTED_BLUR}").images[0]
        return image(**settings, negative_prompt=UNWANTED, image=begin, strength=STRENGTH).images[0]

    return paint


def main(argv: list[str] | None = None, load: Callable[[str], Painter] = sdxl) -> int:
    parser = argparse.ArgumentParser(prog="sv72_train.synth", description=__doc__)
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="dataset that pictures begin with")
    parser.add_argument("--model", default=MODEL)
    given = parser.parse_args(argv)
    asked = False

    def ask_to_stop(*_: object) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    try:
        tasks = read_plan(given.plan)
        painter = load(given.model) if any(missing(tasks, given.out)) else refuse
        if not paint_all(tasks, given.out, given.data, painter, lambda: asked):
            log("stopped; what was generated is kept")
            return STOPPED
        emit("result", pictures=len(tasks))
        return 0
    except TrainError as error:
        emit("result", error={"code": error.code, "message": str(error)})
        log(f"failed: {error}")
        return 1
    except OSError as error:
        if error.errno != 28:
            raise
        emit("result", error={"code": "disk", "message": "the disk is full"})
        return 1


def refuse(task: Task, begin: Image | None) -> Image:
    raise TrainError("plan", f"{task.name} is there already")


if __name__ == "__main__":
    sys.exit(main())
