"""Where a net's first weights come from, and the licence that may come with them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import timm
import torch
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from sv72_train.backbones import PLAIN_WIDTHS, Card, build_backbone, options, short
from sv72_train.model import Net
from sv72_train.progress import TrainError
from sv72_train.recipe import Backbone

LICENCE_NAMES = ("LICENSE.md", "LICENSE", "LICENSE.txt")


def first_net(recipe: Backbone, weights: Path | None, seed: int) -> tuple[Net, Card]:
    """The network with its first weights: a local file's, the Hub's, or random ones.

    `weights`: what an earlier run wrote, or a checkpoint in timm's form (safetensors or PyTorch).
    """
    torch.manual_seed(seed)
    backbone, card = build_backbone(
        recipe.id, pretrained=recipe.pretrained and weights is None, drop_path=recipe.drop_path
    )
    if weights is None:
        return Net(backbone, card), card
    if is_ours(weights):
        net = Net(backbone, card)
        load_ours(net, weights)
        return net, card
    if recipe.id in PLAIN_WIDTHS:
        raise TrainError("weights", f"{weights.name} was not written by a training of {recipe.id}")
    try:
        filled = timm.create_model(
            recipe.id,
            pretrained=True,
            pretrained_cfg_overlay={"file": str(weights)},
            num_classes=1,
            **options(recipe.id, recipe.drop_path),
        )
    except Exception as error:
        raise TrainError("weights", f"{weights.name} does not fit {recipe.id} ({short(error)})") from error
    return Net(filled, card), card


def is_ours(file: Path) -> bool:
    if file.suffix != ".safetensors":
        return False
    return all(name.startswith("backbone.") for name in read(file))


def load_ours(net: Net, file: Path) -> None:
    try:
        net.load_state_dict(read(file), strict=True)
    except RuntimeError as error:
        raise TrainError("weights", f"{file.name} does not fit this backbone ({short(error)})") from error


def read(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except Exception as error:
        raise TrainError("weights", f"{file.name} cannot be read ({short(error)})") from error


def save_weights(net: nn.Module, file: Path) -> None:
    state = {name: value.detach().cpu().contiguous().clone() for name, value in net.state_dict().items()}
    fresh = file.with_name(f".{file.name}.new")
    save_file(state, fresh, metadata={"format": "pt"})
    fresh.chmod(0o644)
    fresh.replace(file)


def keep_licence(card: Card, given: Path | None, folder: Path) -> Path | None:
    """The text of a licence that binds derivatives, from beside the weights or from a file; never made up."""
    if not card.binds:
        return None
    source = given or fetch_licence(card)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "LICENSE.md"
    shutil.copyfile(source, target)
    return target


def fetch_licence(card: Card) -> Path:
    for name in LICENCE_NAMES:
        try:
            return Path(hf_hub_download(str(card.hub_id), name))
        except LocalEntryNotFoundError as error:
            # It is a kind of EntryNotFoundError, and says that the Hub was not reached.
            raise not_fetched(card, error) from error
        except EntryNotFoundError:
            continue
        except Exception as error:
            raise not_fetched(card, error) from error
    raise TrainError("licence", f"the text of {card.licence}, which binds the model, is not in {card.hub_id}")


def not_fetched(card: Card, error: Exception) -> TrainError:
    return TrainError("licence", f"the text of {card.licence} could not be fetched ({short(error)})")


def fingerprint(state: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name in sorted(state):
        value = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {value.dtype} {tuple(value.shape)};".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
