"""Weights and licences from the Hub, against a small server that speaks as much of it as downloads need."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save

HERE = Path(__file__).parents[1]
REPO = "/timm/test_vit.r160_in1k/resolve/main/"
SCRIPT = """
import json, sys
from dataclasses import replace
from sv72_train.progress import TrainError
from sv72_train.recipe import Backbone
from sv72_train.weights import first_net, fingerprint, keep_licence
from pathlib import Path
try:
    net, card = first_net(Backbone("test_vit.r160_in1k"), None, 1)
    kept = keep_licence(replace(card, binds=True, licence="strict"), None, Path(sys.argv[1]))
    backbone = {k: v for k, v in net.backbone.state_dict().items() if not k.startswith(("head.", "pos_"))}
    print(json.dumps({"licence": kept.read_text(), "weights": fingerprint(backbone)}))
except TrainError as error:
    print(json.dumps({"code": error.code, "message": str(error)}))
"""


@pytest.fixture
def hub() -> Iterator[tuple[str, dict[str, bytes]]]:
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> bytes | None:
            data = files.get(self.path)
            self.send_response(200 if data is not None else 404)
            if data is None:
                self.send_header("X-Error-Code", "EntryNotFound")
            else:
                self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
                self.send_header("X-Repo-Commit", "a" * 40)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            return data

        def do_HEAD(self) -> None:
            self.answer()

        def do_GET(self) -> None:
            self.wfile.write(self.answer() or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", files
    server.shutdown()
    server.server_close()


def ask(folder: Path, endpoint: str) -> dict[str, str]:
    env = {
        **os.environ,
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_DISABLE_XET": "1",
        "PYTHONPATH": str(HERE),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder / "licence")],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_weights_and_the_licence_beside_them(tmp_path: Path, hub: tuple[str, dict[str, bytes]]) -> None:
    from sv72_train.weights import fingerprint

    endpoint, files = hub
    torch.manual_seed(3)
    model = timm.create_model("test_vit", pretrained=False).eval()
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    files[f"{REPO}model.safetensors"] = save(state, {"format": "pt"})
    files[f"{REPO}LICENSE"] = b"You may..."
    said = ask(tmp_path, endpoint)
    assert said.get("licence") == "You may...", said
    # The position embeddings are resized from 160 to 224 pixels, and the head is new.
    backbone = {name: value for name, value in state.items() if not name.startswith(("head.", "pos_"))}
    assert said["weights"] == fingerprint(backbone)
    assert (tmp_path / "licence" / "LICENSE.md").exists()


def test_a_licence_that_is_not_there_is_not_made_up(
    tmp_path: Path, hub: tuple[str, dict[str, bytes]]
) -> None:
    endpoint, files = hub
    model = timm.create_model("test_vit", pretrained=False)
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    files[f"{REPO}model.safetensors"] = save(state, {"format": "pt"})
    said = ask(tmp_path, endpoint)
    assert said["code"] == "licence"
    assert "the text of strict, which binds the model, is not in timm/" in said["message"]


def test_a_hub_that_cannot_be_reached_is_said_in_one_sentence(tmp_path: Path) -> None:
    said = ask(tmp_path, "http://127.0.0.1:9")
    assert said["code"] == "weights"
    assert said["message"].startswith("test_vit.r160_in1k: weights could not be fetched")
    assert "\n" not in said["message"]
