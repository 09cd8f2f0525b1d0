"""A real SDK dendrite. Reads one job as JSON from stdin, asks, and prints one JSON array of answers.

job: {"seed", "route", "timeout", "axon": {"ip", "port", "hotkey"}, "images": [file, ...], "together": bool}
"together" sends all at once, as a validator's step does, else one after the other on one session.
"""

import asyncio
import base64
import json
import sys
from pathlib import Path
from typing import Any

import bittensor
from bittensor.utils import networking
from bittensor_wallet import Keypair

from synapses import ROUTES, ImageSynapse


def describe(answer: ImageSynapse) -> dict[str, Any]:
    return {
        "prediction": answer.prediction,
        "isSuccess": answer.is_success,
        "axonStatus": answer.axon.status_code,
        "dendriteStatus": answer.dendrite.status_code,
        "message": answer.dendrite.status_message,
        "processTime": answer.dendrite.process_time,
        "imageLength": len(answer.image),
        "modelUrl": getattr(answer, "model_url", None),
    }


async def ask(job: dict[str, Any]) -> list[dict[str, Any]]:
    target = job["axon"]
    axon = bittensor.AxonInfo(
        version=0,
        ip=target["ip"],
        port=target["port"],
        ip_type=6 if ":" in target["ip"] else 4,
        hotkey=target["hotkey"],
        coldkey=target["hotkey"],
    )
    synapses = [
        ROUTES[job["route"]](image=base64.b64encode(Path(file).read_bytes()).decode())
        for file in job["images"]
    ]
    dendrite = bittensor.Dendrite(wallet=Keypair.create_from_seed(job["seed"]))

    async def one(synapse: ImageSynapse) -> ImageSynapse:
        return await dendrite(axons=axon, synapse=synapse, deserialize=False, timeout=job["timeout"])

    if job["together"]:
        answers = list(await asyncio.gather(*(one(synapse) for synapse in synapses)))
    else:
        answers = [await one(synapse) for synapse in synapses]
    await dendrite.aclose_session()
    return [describe(answer) for answer in answers]


def main() -> None:
    # A dendrite asks public services for its own address when it is made; there are none here.
    networking.get_external_ip = lambda: "203.0.113.9"
    print(json.dumps(asyncio.run(ask(json.load(sys.stdin)))))


main()
