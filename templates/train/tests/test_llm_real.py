"""A tiny vision-language model with random weights goes through llm-compressor itself.

Runs in the environment of `llm-compressor.lock`, with pytest beside it; elsewhere it is left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("llmcompressor")

import torch
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    PreTrainedTokenizerFast,
    Qwen2VLImageProcessor,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
)

from sv72_train.llm import QUESTION, main
from tests.train_support import write_dataset

MARKS = {
    "image_token": "<|image_pad|>",
    "video_token": "<|video_pad|>",
    "vision_start_token": "<|vision_start|>",
    "vision_end_token": "<|vision_end|>",
}
TEMPLATE = """{% for m in messages %}<|im_start|>{{ m['role'] }}
{% for c in m['content'] %}{% if c['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>
{% endfor %}"""  # noqa: E501 (a line break would be part of it)


def processor() -> Any:  # noqa: ANN401
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *MARKS.values()]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=280, special_tokens=special, initial_alphabet=alphabet)
    words.train_from_iterator([QUESTION], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    for name, mark in MARKS.items():
        setattr(tokenizer, name, mark)
    return Qwen3VLProcessor(
        image_processor=Qwen2VLImageProcessor(
            patch_size=16, merge_size=2, min_pixels=64 * 64, max_pixels=96 * 96
        ),
        tokenizer=tokenizer,
        video_processor=Qwen3VLVideoProcessor(patch_size=16),
        chat_template=TEMPLATE,
    )


def tiny_model(folder: Path) -> Path:
    torch.manual_seed(1)
    given = processor()
    marks = {f"{name}_id": given.tokenizer.convert_tokens_to_ids(mark) for name, mark in MARKS.items()}
    config = Qwen3VLConfig(
        text_config={
            "vocab_size": len(given.tokenizer),
            "hidden_size": 128,
            "intermediate_size": 256,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 32,
            "max_position_embeddings": 4096,
            "rope_scaling": {"rope_type": "default", "mrope_section": [4, 6, 6], "mrope_interleaved": True},
        },
        vision_config={
            "depth": 2,
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_heads": 4,
            "out_hidden_size": 128,
            "deepstack_visual_indexes": [0],
            "num_position_embeddings": 256,
        },
        **marks,
    )
    Qwen3VLForConditionalGeneration(config).to(torch.bfloat16).save_pretrained(folder)
    given.save_pretrained(folder)
    return folder


def logits(folder: Path, question: Any) -> torch.Tensor:  # noqa: ANN401
    model = AutoModelForImageTextToText.from_pretrained(folder, dtype="auto")
    with torch.no_grad():
        return model(**question).logits[0, -1].float()


@pytest.mark.parametrize(
    ("to", "kind", "suffix"),
    [("vlm-fp8", torch.float8_e4m3fn, "weight"), ("vlm-w4a16", torch.int32, "weight_packed")],
)
def test_language_layers_become_smaller_and_nothing_else(
    to: str, kind: torch.dtype, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tiny_model(tmp_path / "tiny"), tmp_path / "small"
    data = ["--data", str(write_dataset(tmp_path / "data", 40)), "--samples", "6"]
    words = ["--to", to, "--model", str(source), "--out", str(out), "--cpu"]
    assert main([*words, *(data if to == "vlm-w4a16" else [])]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert 0 < last["bytes"] < last["sourceBytes"]

    weights = load_file(out / "model.safetensors")
    layers = [name for name in weights if name.endswith(f"_proj.{suffix}") and "language_model" in name]
    assert len(layers) == 14
    assert {weights[name].dtype for name in layers} == {kind}
    kept = [name for name in weights if ".visual." in name or "lm_head" in name]
    assert kept and {weights[name].dtype for name in kept} == {torch.bfloat16}

    picture = {"type": "image", "image": Image.new("RGB", (240, 180), (200, 90, 10))}
    asked = [{"role": "user", "content": [picture, {"type": "text", "text": QUESTION}]}]
    question = AutoProcessor.from_pretrained(out).apply_chat_template(
        asked, tokenize=True, return_dict=True, return_tensors="pt"
    )
    alike = torch.cosine_similarity(logits(source, question), logits(out, question), 0)
    assert alike > 0.9
