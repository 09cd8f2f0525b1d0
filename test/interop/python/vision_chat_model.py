"""Writes a chat model that sees pictures: tiny, with random weights, for llama.cpp. Usage: FOLDER"""

import sys
from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, HEADS, FEED = 64, 4, 128
PATCH, SIDE, SEEN = 14, 56, 32
WORDS = ["▁Yes", "▁No", "Yes", "No", "yes", "no", "▁"]

random = np.random.default_rng(72)


def drawn(*shape: int, scale: float) -> np.ndarray:
    return (random.standard_normal(shape) * scale).astype(np.float32)


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


def write(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def language(path: Path) -> None:
    """One block of the llama architecture; its vocabulary is all bytes and the two words in some spellings."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *WORDS]
    control = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL]
    kinds = [*control, *[TokenType.BYTE] * 256, *[TokenType.NORMAL] * len(WORDS)]
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{% for message in messages %}{{ message['content'] }}{% endfor %}")
    writer.add_tensor("token_embd.weight", drawn(len(tokens), WIDTH, scale=0.3))
    writer.add_tensor("output_norm.weight", ones(WIDTH))
    head = drawn(len(tokens), WIDTH, scale=0.02)
    # The words are likely, so that they are among the twenty that are listed.
    head[-len(WORDS) :] = drawn(len(WORDS), WIDTH, scale=0.3)
    writer.add_tensor("output.weight", head)
    writer.add_tensor("blk.0.attn_norm.weight", ones(WIDTH))
    writer.add_tensor("blk.0.ffn_norm.weight", ones(WIDTH))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        writer.add_tensor(f"blk.0.{name}.weight", drawn(WIDTH, WIDTH, scale=0.3))
    for name, shape in (("gate", (FEED, WIDTH)), ("up", (FEED, WIDTH)), ("down", (WIDTH, FEED))):
        writer.add_tensor(f"blk.0.ffn_{name}.weight", drawn(*shape, scale=0.2))
    write(writer)


def vision(path: Path) -> None:
    """Two blocks of a vision transformer, and the projection of what they see."""
    writer = GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_uint32("clip.vision.image_size", SIDE)
    writer.add_uint32("clip.vision.patch_size", PATCH)
    writer.add_uint32("clip.vision.embedding_length", SEEN)
    writer.add_uint32("clip.vision.feed_forward_length", 2 * SEEN)
    writer.add_uint32("clip.vision.projection_dim", WIDTH)
    writer.add_uint32("clip.vision.attention.head_count", 2)
    writer.add_uint32("clip.vision.block_count", 2)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    writer.add_bool("clip.use_gelu", True)
    writer.add_tensor("v.class_embd", drawn(SEEN, scale=0.3))
    writer.add_tensor("v.patch_embd.weight", drawn(SEEN, 3, PATCH, PATCH, scale=0.1))
    writer.add_tensor("v.position_embd.weight", drawn((SIDE // PATCH) ** 2 + 1, SEEN, scale=0.3))
    for norm in ("v.pre_ln", "v.post_ln", "v.blk.0.ln1", "v.blk.0.ln2", "v.blk.1.ln1", "v.blk.1.ln2"):
        writer.add_tensor(f"{norm}.weight", ones(SEEN))
        writer.add_tensor(f"{norm}.bias", zeros(SEEN))
    for block in ("v.blk.0", "v.blk.1"):
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            writer.add_tensor(f"{block}.{name}.weight", drawn(SEEN, SEEN, scale=0.3))
            writer.add_tensor(f"{block}.{name}.bias", zeros(SEEN))
        # llama.cpp calls the first of the two down.
        writer.add_tensor(f"{block}.ffn_down.weight", drawn(2 * SEEN, SEEN, scale=0.3))
        writer.add_tensor(f"{block}.ffn_down.bias", zeros(2 * SEEN))
        writer.add_tensor(f"{block}.ffn_up.weight", drawn(SEEN, 2 * SEEN, scale=0.3))
        writer.add_tensor(f"{block}.ffn_up.bias", zeros(SEEN))
    writer.add_tensor("mm.0.weight", drawn(WIDTH, SEEN, scale=0.3))
    writer.add_tensor("mm.0.bias", zeros(WIDTH))
    writer.add_tensor("mm.2.weight", drawn(WIDTH, WIDTH, scale=0.3))
    writer.add_tensor("mm.2.bias", zeros(WIDTH))
    write(writer)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    language(folder / "language.gguf")
    vision(folder / "vision.gguf")
