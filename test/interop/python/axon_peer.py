"""A real SDK axon on 127.0.0.1. Prints one JSON line when it listens and runs until stdin closes.

The forward function answers a constant, or with --prediction digest a number made of the image's bytes, so that
the other side can check that they arrived.
"""

import argparse
import base64
import hashlib
import json
import socket
import sys
import tempfile
import time
import typing

import bittensor
from bittensor_wallet import Keypair, Wallet

from synapses import ExtendedImageSynapse, ImageSynapse


def digest_prediction(image: str) -> float:
    digest = hashlib.sha256(base64.b64decode(image)).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port: int) -> None:
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit("the axon does not listen")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", required=True, help="hotkey seed, 0x + 64 hex (a test key)")
    parser.add_argument("--allow", action="append", default=[], help="SS58 address of a caller that may ask")
    parser.add_argument("--prediction", default="0.25", help="a number, or 'digest'")
    # The SDK reads sys.argv itself and must not see these.
    arguments, sys.argv = parser.parse_args(), sys.argv[:1]

    keypair = Keypair.create_from_seed(arguments.seed)
    folder = tempfile.TemporaryDirectory()
    wallet = Wallet(name="peer", hotkey="peer", path=folder.name)
    wallet.set_hotkey(keypair, encrypt=False, overwrite=True)
    wallet.unlock_hotkey()

    allowed = frozenset(arguments.allow)
    constant = None if arguments.prediction == "digest" else float(arguments.prediction)

    def predict(synapse: ImageSynapse) -> None:
        synapse.prediction = digest_prediction(synapse.image) if constant is None else constant

    # attach() compares these signatures literally, so each synapse needs its own functions.
    def forward(synapse: ImageSynapse) -> ImageSynapse:
        predict(synapse)
        return synapse

    def blacklist(synapse: ImageSynapse) -> typing.Tuple[bool, str]:  # noqa: UP006
        return synapse.dendrite.hotkey not in allowed, "Unrecognized hotkey"

    def priority(synapse: ImageSynapse) -> float:
        return 1.0

    def forward_extended(synapse: ExtendedImageSynapse) -> ExtendedImageSynapse:
        predict(synapse)
        synapse.model_url = "https://models.invalid/peer"
        return synapse

    def blacklist_extended(synapse: ExtendedImageSynapse) -> typing.Tuple[bool, str]:  # noqa: UP006
        return synapse.dendrite.hotkey not in allowed, "Unrecognized hotkey"

    def priority_extended(synapse: ExtendedImageSynapse) -> float:
        return 1.0

    port = free_port()
    axon = bittensor.Axon(
        wallet=wallet, port=port, ip="127.0.0.1", external_ip="127.0.0.1", external_port=port
    )
    axon.attach(forward_fn=forward, blacklist_fn=blacklist, priority_fn=priority)
    axon.attach(forward_fn=forward_extended, blacklist_fn=blacklist_extended, priority_fn=priority_extended)
    axon.start()
    wait_until_listening(port)
    print(
        json.dumps({"port": port, "hotkey": keypair.ss58_address, "version": bittensor.__version__}),
        flush=True,
    )
    sys.stdin.read()
    axon.stop()


main()
