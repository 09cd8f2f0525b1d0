"""Backbones, adapters, weights, and the graph that is exported."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import timm
import torch
from safetensors.torch import load_file, save_file

from sv72_train.augment import through_jpeg
from sv72_train.backbones import build_backbone
from sv72_train.cache import prepare
from sv72_train.dataset import gather, open_dataset
from sv72_train.export import export_onnx, open_graph, run_graph
from sv72_train.lora import Adapted, adapt, merge
from sv72_train.model import Net, Served
from sv72_train.progress import TrainError
from sv72_train.recipe import Backbone, Lora
from sv72_train.teacher import bundle_teacher, openai_teacher, soft_labels
from sv72_train.transformers_form import save_for_transformers
from sv72_train.views import pooled
from sv72_train.weights import fetch_licence, first_net, keep_licence, save_weights
from tests.train_support import write_dataset


def net_of(name: str) -> tuple[Net, int]:
    net, card = first_net(Backbone(name, pretrained=False), None, 1)
    return net.eval(), card.side


@pytest.mark.parametrize("name", ["plain-s", "plain-m", "test_vit", "test_resnet", "test_convnext"])
def test_the_graph_says_what_the_network_says_to_a_view(tmp_path: Path, name: str) -> None:
    net, side = net_of(name)
    path = tmp_path / "model.onnx"
    export_onnx(Served(net, side, bias=0.3, temperature=1.7), path)
    assert list(tmp_path.iterdir()) == [path], "weights belong into the file itself"
    assert b".py" not in path.read_bytes(), "the graph must not tell where it was made"
    rng = np.random.default_rng(0)
    images = np.stack([through_jpeg(rng.integers(0, 256, (224, 224, 3), np.uint8)) for _ in range(5)])
    views = torch.from_numpy(np.stack([pooled(image, side) for image in images]))
    with torch.inference_mode():
        expected = torch.sigmoid((net(views) - 0.3) / 1.7).numpy()
    assert np.abs(run_graph(open_graph(path), images) - expected).max() < 0.02


def test_features_through_the_head_are_the_logit() -> None:
    for name in ("plain-s", "test_vit", "test_efficientnet", "test_convnext"):
        net, side = net_of(name)
        pixels = torch.randint(0, 256, (2, side, side, 3), dtype=torch.uint8)
        with torch.inference_mode():
            assert torch.allclose(net.head(net.features(pixels)).squeeze(1), net(pixels), atol=1e-5), name


def test_mean_and_deviation_are_the_models_own() -> None:
    assert build_backbone("mobilenetv4_conv_small_050.e3000_r224_in1k")[1].mean == (0.5, 0.5, 0.5)
    card = build_backbone("convnext_atto.d2_in1k")[1]
    assert (card.licence, card.binds, card.hub_id) == ("apache-2.0", False, "timm/convnext_atto.d2_in1k")


def test_licences_that_bind_are_known_to() -> None:
    with torch.device("meta"):
        card = build_backbone("vit_small_patch16_dinov3.lvd1689m")[1]
    assert (card.licence, card.binds, card.side) == ("dinov3-license", True, 224)


@pytest.mark.parametrize("name", ["test_vit", "test_convnext", "test_efficientnet"])
def test_the_form_of_transformers_says_what_is_served(tmp_path: Path, name: str) -> None:
    net, card = first_net(Backbone(name, pretrained=False), None, 1)
    served = Served(net.eval(), card.side, 0.3, 1.7).eval()
    assert save_for_transformers(net, card, 0.3, 1.7, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert (config["label_names"], config["pretrained_cfg"]["input_size"]) == (
        ["None", "Roadwork"],
        [3, 224, 224],
    )
    again = timm.create_model(config["architecture"], **config["model_args"]).eval()
    again.load_state_dict(load_file(tmp_path / "model.safetensors"))
    image = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    with torch.inference_mode():
        both = again(net.normalise(image)).softmax(1)
        assert torch.allclose(both[:, 1:], served(image), atol=1e-5)
    plain, card = first_net(Backbone("plain-s", pretrained=False), None, 1)
    assert not save_for_transformers(plain, card, 0.0, 1.0, tmp_path / "plain")


def test_an_unknown_backbone_is_named() -> None:
    with pytest.raises(TrainError, match="has no model dinov4"):
        build_backbone("dinov4")
    with pytest.raises(TrainError, match="trained from nothing"):
        build_backbone("plain-s", pretrained=True)


def test_adapters_change_nothing_at_first_and_melt_without_a_trace() -> None:
    net, side = net_of("test_vit")
    pixels = torch.randint(0, 256, (3, side, side, 3), dtype=torch.uint8)
    before = net(pixels).detach()
    adapt(net.backbone, net.head, Lora(rank=4))
    net.eval()
    assert torch.allclose(net(pixels), before, atol=1e-6)
    learning = sum(p.numel() for p in net.parameters() if p.requires_grad)
    assert 0 < learning < 0.2 * sum(p.numel() for p in net.parameters())
    for module in net.modules():
        if isinstance(module, Adapted):
            torch.nn.init.normal_(module.up, std=0.02)
    changed = net(pixels).detach()
    assert not torch.allclose(changed, before, atol=1e-3)
    merge(net.backbone)
    assert torch.allclose(net(pixels), changed, atol=1e-5)
    assert {*net.state_dict()} == {*net_of("test_vit")[0].state_dict()}


def test_adapters_need_layers() -> None:
    net, _ = net_of("test_resnet")
    with pytest.raises(TrainError, match="no linear layer"):
        adapt(net.backbone, net.head, Lora())


def test_weights_of_an_earlier_run_come_back(tmp_path: Path) -> None:
    net, _ = net_of("test_vit")
    save_weights(net, tmp_path / "weights.safetensors")
    again, _ = first_net(Backbone("test_vit"), tmp_path / "weights.safetensors", 2)
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), again.parameters(), strict=True))
    with pytest.raises(TrainError, match="does not fit"):
        first_net(Backbone("test_resnet"), tmp_path / "weights.safetensors", 2)


def test_a_checkpoint_of_timm_gets_a_new_head(tmp_path: Path) -> None:
    model = timm.create_model("test_vit", pretrained=False)
    file = tmp_path / "test_vit.safetensors"
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, file)
    net, _ = first_net(Backbone("test_vit.r160_in1k"), file, 1)
    assert net.head.out_features == 1
    key = "blocks.0.attn.qkv.weight"
    assert torch.equal(net.backbone.state_dict()[key], model.state_dict()[key])


def test_a_file_that_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(TrainError, match=r"x\.safetensors cannot be read"):
        first_net(Backbone("test_vit"), tmp_path / "x.safetensors", 1)


def test_the_text_of_a_binding_licence_is_kept_and_never_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with torch.device("meta"):
        card = build_backbone("vit_small_patch16_dinov3.lvd1689m")[1]
    (tmp_path / "text.md").write_text("You may…")
    kept = keep_licence(card, tmp_path / "text.md", tmp_path / "out")
    assert kept is not None
    assert kept.read_text() == "You may…"

    def unreachable(*_: str) -> str:
        raise ConnectionError("no route to host")

    monkeypatch.setattr("sv72_train.weights.hf_hub_download", unreachable)
    with pytest.raises(TrainError, match="text of dinov3-license could not be fetched"):
        keep_licence(card, None, tmp_path / "other")


def test_a_hub_that_is_not_reached_is_not_taken_for_one_without_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    _, card = build_backbone("test_vit")
    with pytest.raises(TrainError, match="could not be fetched"):
        fetch_licence(replace(card, licence="strict", hub_id="timm/not-in-any-cache"))


def test_a_bundle_teaches_what_it_answers(tmp_path: Path) -> None:
    net, side = net_of("plain-s")
    folder = tmp_path / "bundle"
    folder.mkdir()
    export_onnx(Served(net, side, 0.0, 1.0), folder / "model.onnx")
    manifest = {
        "files": [{"path": "model.onnx", "role": "model", "precision": "fp32", "sha256": "ab"}],
        "input": {
            "name": "image",
            "dtype": "uint8",
            "layout": "nhwc",
            "size": [224, 224],
            "colour": "rgb",
            "batch": {"kind": "dynamic", "max": 64},
            "resize": {"fit": "stretch", "kernel": "linear", "background": [0, 0, 0]},
            "scale": 1,
        },
        "output": {"name": "roadwork", "kind": "probability"},
        "positive": {"index": 1},
        "calibration": {"inGraph": True, "bias": 0, "temperature": 1},
    }
    (folder / "sv72.json").write_text(json.dumps(manifest))
    image = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    graph = ort.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    expected = graph.run(None, {"image": image[None]})[0][0, 0]
    assert bundle_teacher(folder).ask(image) == pytest.approx(float(expected), abs=1e-6)
    with pytest.raises(TrainError, match="no bundle"):
        bundle_teacher(tmp_path)


class Server(BaseHTTPRequestHandler):
    """Answers as an OpenAI-compatible server with logprobs does; the first request fails."""

    asked: list[dict[str, object]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"key": self.headers["Authorization"], "path": self.path, **body})
        if len(self.asked) == 1:
            self.send_error(503)
            return
        tops = [{"token": " Yes", "logprob": np.log(0.6)}, {"token": "no", "logprob": np.log(0.2)}]
        choice = {"message": {"content": "Yes"}, "logprobs": {"content": [{"top_logprobs": tops}]}}
        answer = json.dumps({"choices": [choice]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


def test_a_vision_language_model_teaches_once(tmp_path: Path) -> None:
    handler = type("Handler", (Server,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        data = open_dataset(write_dataset(tmp_path / "data", 20))
        pictures = prepare(gather([data], "train"), tmp_path / "cache", 0, 0)
        teacher = openai_teacher(f"http://127.0.0.1:{server.server_port}/v1", "vlm", "secret", at_once=2)
        file = tmp_path / "answers.jsonl"
        assert np.allclose(soft_labels(pictures, teacher, file), 0.75)
        asked = len(handler.asked)
        assert asked == len(pictures) + 1, "one request failed and was sent again"
        assert handler.asked[0]["key"] == "Bearer secret"
        assert handler.asked[0]["path"] == "/v1/chat/completions"
        assert "secret" not in file.read_text()
        soft_labels(pictures, teacher, file)
        assert len(handler.asked) == asked, "answers are kept"
    finally:
        server.shutdown()
        server.server_close()


def test_a_teacher_that_does_not_answer_ends_the_run(tmp_path: Path) -> None:
    data = open_dataset(write_dataset(tmp_path / "data", 40))
    pictures = prepare(gather([data], "train"), tmp_path / "cache", 0, 0)
    teacher = openai_teacher("http://127.0.0.1:9/v1", "vlm", None, tries=1)
    with pytest.raises(TrainError, match="the teacher does not answer"):
        soft_labels(pictures, teacher, tmp_path / "answers.jsonl")
