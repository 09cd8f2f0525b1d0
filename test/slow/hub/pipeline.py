"""The two ends of the story: a checkpoint as the trainer writes it, and what a stranger makes of it with transformers."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image


def make(folder: Path) -> None:
    """Writes a checkpoint, a picture, and prints the probability that the trainer's own model gives for it."""
    from sv72_train.model import Served
    from sv72_train.recipe import Backbone
    from sv72_train.transformers_form import save_for_transformers
    from sv72_train.weights import first_net

    net, card = first_net(Backbone("test_vit", pretrained=False), None, 1)
    assert save_for_transformers(net.eval(), card, 0.3, 1.7, folder / "checkpoint")
    pixels = np.random.default_rng(0).integers(0, 256, (card.side, card.side, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "street.png")
    with torch.inference_mode():
        served = Served(net, card.side, 0.3, 1.7).eval()(torch.from_numpy(pixels)[None])
    print(json.dumps(float(served.reshape(-1)[0])))


def load(repo: str, picture: Path) -> None:
    """Loads the repository by its name, as its page says, and prints the answer."""
    from transformers import pipeline

    print(json.dumps(pipeline("image-classification", model=repo)(str(picture))))


def fetch(repo: str, folder: Path) -> None:
    """Downloads a repository with the Hub's own Python client."""
    from huggingface_hub import snapshot_download

    snapshot_download(repo, local_dir=folder)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    elif sys.argv[1] == "fetch":
        fetch(sys.argv[2], Path(sys.argv[3]))
    else:
        load(sys.argv[2], Path(sys.argv[3]))
