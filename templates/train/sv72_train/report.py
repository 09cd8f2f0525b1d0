"""report.html: curves, figures and what the run was, in one file that needs nothing else."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}
td:first-child,th:first-child{text-align:left}
svg{background:#fafafa;border:1px solid #ddd;margin:.3rem .6rem .3rem 0}
pre{background:#f4f4f4;padding:1rem;overflow:auto}h2{margin-top:2rem}"""
WIDTH, HEIGHT, EDGE = 420, 200, 44


def write_report(path: Path, results: dict[str, Any]) -> None:
    history, metrics = results["history"], results["metrics"]
    curves = [
        chart(
            title, [row["epoch"] for row in history], {name: [row[name] for row in history] for name in names}
        )
        for title, names in (
            ("loss", ["loss", "validationLoss"]),
            ("validation", ["reward", "accuracy", "mcc"]),
            ("learning rate", ["rate"]),
        )
        if history and all(name in history[-1] for name in names)
    ]
    title = f"Training of {html.escape(results['recipe']['name'])}"
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title><style>{STYLE}</style>",
        f"<h1>{title}</h1><h2>Curves</h2>",
        *curves,
        "<h2>On pictures that were never trained on</h2>",
        table(metrics),
        "<h2>The run</h2><pre>",
        html.escape(
            json.dumps({k: v for k, v in results.items() if k not in ("history", "metrics")}, indent=2)
        ),
        "</pre></html>\n",
    ]
    path.write_text("\n".join(parts))


def table(metrics: Sequence[dict[str, Any]]) -> str:
    names = ("reward", "accuracy", "balancedAccuracy", "mcc")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = [
        f"<tr><td>{html.escape(m['condition'])}</td><td>{m['samples']}</td>"
        + "".join(f"<td>{interval(m['values'], name)}</td>" for name in names)
        + "</tr>"
        for m in metrics
    ]
    return f"<table><tr><th>condition</th><th>views</th>{head}</tr>{''.join(rows)}</table>"


def interval(values: dict[str, float], name: str) -> str:
    return f"{values[name]:.3f} <small>({values[name + 'Low']:.3f} to {values[name + 'High']:.3f})</small>"


def chart(title: str, x: Sequence[float], series: dict[str, Sequence[float]]) -> str:
    """Lines as SVG, named beside their ends."""
    every = [value for values in series.values() for value in values]
    low, high = min(every), max(every)
    span = high - low or 1.0

    def at(i: int, value: float) -> str:
        across = EDGE + (WIDTH - EDGE - 80) * (i / max(1, len(x) - 1))
        return f"{across:.1f},{HEIGHT - 24 - (HEIGHT - 48) * (value - low) / span:.1f}"

    colours = ("#06c", "#c50", "#283", "#828")
    lines = []
    for (name, values), colour in zip(series.items(), colours, strict=False):
        points = " ".join(at(i, value) for i, value in enumerate(values))
        px, py = at(len(values) - 1, values[-1]).split(",")
        lines.append(f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.5'/>")
        lines.append(f"<text x='{float(px) + 4}' y='{py}' font-size='11' fill='{colour}'>{name}</text>")
    return (
        f"<svg width='{WIDTH}' height='{HEIGHT}' role='img' aria-label='{title} by epoch'>"
        f"<text x='{EDGE}' y='14' font-size='12'>{title}</text>"
        f"<text x='2' y='32' font-size='10'>{high:.3g}</text>"
        f"<text x='2' y='{HEIGHT - 20}' font-size='10'>{low:.3g}</text>"
        f"<text x='{EDGE}' y='{HEIGHT - 6}' font-size='10'>epoch {x[0]:.0f} to {x[-1]:.0f}</text>"
        f"{''.join(lines)}</svg>"
    )
