"""Soft labels on clean pictures: from a bundle, or a vision-language model behind the OpenAI protocol."""

from __future__ import annotations

import base64
import io
import json
import math
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

from sv72_train.cache import Picture
from sv72_train.progress import Meter, TrainError, warn

Ask = Callable[[NDArray[np.uint8]], float]
QUESTION = (
    "Is there roadwork (cones, barriers, work signs, machines or workers on or at the road) "
    "in this street image? Answer with one word: Yes or No."
)
LONGEST = 768


@dataclass(frozen=True)
class Teacher:
    """`id` names all that its answers depend on, since answers are kept."""

    id: str
    ask: Ask
    at_once: int


def soft_labels(pictures: Sequence[Picture], teacher: Teacher, file: Path) -> NDArray[np.float32]:
    """P(roadwork) of each clean picture; NaN where the teacher gave none. Answers are kept in `file`."""
    known = read_answers(file, teacher.id)
    missing = [p for p in pictures if p.entry.sha256 not in known]
    begun = len(pictures) - len(missing)
    meter = Meter("teacher", len(pictures), "pictures", origin=begun)
    failed: list[str] = []
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out, ThreadPoolExecutor(teacher.at_once) as pool:
        for done, (picture, answer) in enumerate(
            zip(missing, pool.map(lambda p: try_ask(teacher, p), missing), strict=True), 1
        ):
            if isinstance(answer, str):
                failed.append(answer)
                if len(failed) >= max(5, len(missing) // 10):
                    raise TrainError("teacher", f"the teacher does not answer: {failed[0]}")
            else:
                known[picture.entry.sha256] = answer
                row = {"teacher": teacher.id, "sha256": picture.entry.sha256, "p": answer}
                print(json.dumps(row), file=out, flush=True)
            meter.add(begun + done, 1)
    if failed:
        warn(
            f"the teacher gave no answer to {len(failed)} pictures ({failed[0]}); they keep their label alone"
        )
    return np.array([known.get(p.entry.sha256, math.nan) for p in pictures], np.float32)


def read_answers(file: Path, teacher: str) -> dict[str, float]:
    known: dict[str, float] = {}
    for line in file.read_text().splitlines() if file.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["teacher"] == teacher:
            known[row["sha256"]] = row["p"]
    return known


def try_ask(teacher: Teacher, picture: Picture) -> float | str:
    try:
        return teacher.ask(picture.read())
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        return str(error)[:200]


def bundle_teacher(folder: Path) -> Teacher:
    """The fp32 model of a bundle, with the input, output and calibration that its sv72.json declares."""
    try:
        manifest = json.loads((folder / "sv72.json").read_text())
        model = next(f for f in manifest["files"] if f["role"] == "model" and f["precision"] == "fp32")
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise TrainError("teacher", f"{folder} is no bundle with an fp32 model") from error
    session = ort.InferenceSession(str(folder / model["path"]), providers=["CPUExecutionProvider"])
    spec, output, calibration = manifest["input"], manifest["output"], manifest["calibration"]

    def ask(rgb: NDArray[np.uint8]) -> float:
        answer = np.asarray(session.run([output["name"]], {spec["name"]: to_input(rgb, spec)})[0])[0].reshape(
            -1
        )
        if output["kind"] == "probability" and calibration["inGraph"]:
            return float(answer[0])
        positive = int(manifest["positive"]["index"])
        if output["kind"] == "two-class":
            logit = float(answer[positive] - answer[1 - positive])
        else:
            p = min(max(float(answer[0]), 1e-7), 1 - 1e-7)
            logit = float(answer[0]) if output["kind"] == "logit" else math.log(p / (1 - p))
        if not calibration["inGraph"]:
            logit = (logit - calibration["bias"]) / calibration["temperature"]
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    return Teacher(f"bundle {model['sha256']}", ask, 1)


def to_input(rgb: NDArray[np.uint8], spec: dict[str, Any]) -> NDArray[Any]:
    height, width = spec["size"]
    picture = resize(Image.fromarray(rgb), width, height, spec["resize"])
    pixels = np.asarray(picture)[:, :, ::-1] if spec["colour"] == "bgr" else np.asarray(picture)
    value: NDArray[Any] = np.ascontiguousarray(pixels)
    if spec["dtype"] == "float32":
        scaled = (value.astype(np.float32) * spec["scale"] - np.array(spec["mean"])) / np.array(spec["std"])
        value = scaled.astype(np.float32)
    if spec["layout"] == "nchw":
        value = np.ascontiguousarray(value.transpose(2, 0, 1))
    amount = spec["batch"]["size"] if spec["batch"]["kind"] == "fixed" else 1
    return np.repeat(value[None], amount, 0)


def resize(picture: Image.Image, width: int, height: int, rule: dict[str, Any]) -> Image.Image:
    names = {"nearest": "NEAREST", "linear": "BILINEAR", "cubic": "BICUBIC", "lanczos3": "LANCZOS"}
    kernel = Image.Resampling[names[rule["kernel"]]]
    if rule["fit"] == "stretch":
        return picture.resize((width, height), kernel)
    ratios = (width / picture.width, height / picture.height)
    scale = min(ratios) if rule["fit"] == "letterbox" else max(ratios)
    whole = int if rule["fit"] == "letterbox" else round
    inner = picture.resize(
        (max(1, whole(picture.width * scale)), max(1, whole(picture.height * scale))), kernel
    )
    canvas = Image.new("RGB", (width, height), tuple(rule["background"]))
    canvas.paste(inner, ((width - inner.width) // 2, (height - inner.height) // 2))
    return canvas


def openai_teacher(url: str, model: str, key: str | None, at_once: int = 8, tries: int = 3) -> Teacher:
    """P(yes) of a server's first token (chat completions with logprobs; text alone counts as 0.9 or 0.1)."""

    def ask(rgb: NDArray[np.uint8]) -> float:
        body = json.dumps(request_of(rgb, model)).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        request = urllib.request.Request(f"{url.rstrip('/')}/chat/completions", body, headers)
        for attempt in range(tries):
            try:
                with urllib.request.urlopen(request, timeout=120) as response:
                    return probability_of(json.load(response))
            except urllib.error.HTTPError as error:
                if attempt == tries - 1 or (error.code < 500 and error.code != 429):
                    raise OSError(f"HTTP {error.code}: {error.read(200).decode(errors='replace')}") from None
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if attempt == tries - 1:
                    raise
            time.sleep(2**attempt)
        raise OSError("no answer")

    return Teacher(f"openai {model} {QUESTION}", ask, at_once)


def request_of(rgb: NDArray[np.uint8], model: str) -> dict[str, Any]:
    picture = Image.fromarray(rgb)
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    image = f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    return {
        "model": model,
        "temperature": 0,
        "max_completion_tokens": 1,
        "logprobs": True,
        "top_logprobs": 20,
        "chat_template_kwargs": {"enable_thinking": False},
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": image}},
                    {"type": "text", "text": QUESTION},
                ],
            }
        ],
    }


def probability_of(answer: dict[str, Any]) -> float:
    """Of the words that begin with yes and no among the candidates of the first token."""
    choice = answer["choices"][0]
    content = (choice.get("logprobs") or {}).get("content") or []
    share = {"yes": 0.0, "no": 0.0}
    for candidate in content[0]["top_logprobs"] if content else []:
        word = candidate["token"].strip().lower()
        if word in share:
            share[word] += math.exp(candidate["logprob"])
    total = share["yes"] + share["no"]
    if total > 0:
        return share["yes"] / total
    word = str(choice["message"]["content"]).strip().lower().rstrip(".!")
    if word not in share:
        raise ValueError(f"the model answered {word[:40]!r}, neither yes nor no")
    return 0.9 if word == "yes" else 0.1
