"""python -m demo_trainer FOLDER: from train, calibrate and test views to model.onnx and metrics.json."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from demo_trainer.export import export, predict_views
from demo_trainer.fit import Recipe, calibrate, fit, logits_of
from demo_trainer.measure import Figures, figures
from demo_trainer.network import WIDTHS, Served
from demo_trainer.views import Views, load_views


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def measure(views: Views, model: Path) -> list[dict[str, object]]:
    """One row for each condition, and one for the mean over the levels of each generation."""
    probabilities = predict_views(model, views.pixels)
    metrics: list[dict[str, object]] = []

    def add(condition: str, samples: int, values: dict[str, float]) -> None:
        dataset = f"drawn scenes, seeds {views.seeds}"
        metrics.append({"dataset": dataset, "condition": condition, "samples": samples, "values": values})
        say(f"{condition}: {values}")

    for name, generation, free, colours in (
        ("generation 1, crop kept on the object", 1, False, "bytes"),
        ("generation 1, free crop", 1, True, "bytes"),
        ("generation 1, crop kept on the object, colours as floats", 1, False, "floats"),
        ("generation 2", 2, False, "bytes"),
        ("generation 2, colours as floats", 2, False, "floats"),
        ("generation 3", 3, False, "bytes"),
    ):
        each: dict[int, Figures] = {}
        for level in range(4):
            chosen = views.condition(generation, level, free, colours)
            if len(chosen) > 0:
                each[level] = figures(probabilities[chosen], views.labels[chosen])
        if generation == 3:
            add(name, each[0].samples, each[0].values())
            continue
        for level, result in each.items():
            add(f"{name}, level {level}", result.samples, result.values())
        levels = "levels" if len(each) == 4 else "levels " + ", ".join(map(str, each))
        rows = [result.values() for result in each.values()]
        mean = {key: round(sum(row[key] for row in rows) / len(rows), 4) for key in rows[0]}
        add(f"{name}, mean over {levels}", sum(result.samples for result in each.values()), mean)
    return metrics


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo_trainer", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--net", choices=sorted(WIDTHS), default="tinys")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--learning-rate", type=float, default=5e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="faster where the CPU has AMX or AVX512-BF16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    train = load_views(options.folder, "train")
    recipe = Recipe(
        net=options.net, epochs=options.epochs, learning_rate=options.learning_rate, bf16=options.bf16
    )
    say(f"{len(train.labels)} views, {train.labels.mean():.3f} of them road works")
    started = time.process_time()
    net = fit(train, recipe, say)
    held_out = load_views(options.folder, "calibrate")
    bias, temperature = calibrate(logits_of(net, held_out.pixels), held_out.labels)
    say(f"bias {bias:.3f}, temperature {temperature:.3f}, {time.process_time() - started:.0f} s of CPU")
    model = options.folder / "model.onnx"
    export(Served(net, bias, temperature), model)
    results = {
        "net": recipe.net,
        "parameters": sum(p.numel() for p in net.parameters()),
        "epochs": recipe.epochs,
        "trainViews": len(train.labels),
        "trainSeeds": train.seeds,
        "calibration": {"bias": bias, "temperature": temperature},
        "metrics": measure(load_views(options.folder, "test"), model),
    }
    (options.folder / "metrics.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
