"""Reads and writes wallets with bittensor-wallet, any version. One JSON job from stdin, one JSON answer.

{"do": "write", "path", "wallet", "hotkey", "mnemonic", "hotkeySeed", "password": text | null, "message"}
{"do": "read", "path", "wallet", "hotkey", "password": text | null, "message"}
{"do": "verify", "address", "message", "signature"}
Written are the coldkey (encrypted when a password is given), its public part and the hotkey. Both answer with the
addresses, and the hotkey's and coldkey's signatures over the message.
"""

import json
import sys
from typing import Any

from bittensor_wallet import Wallet

try:
    from bittensor_wallet import Keypair
except ImportError:  # 1.0
    from substrateinterface import Keypair


def facts(coldkey: Any, coldkeypub: Any, hotkey: Any, message: str) -> dict[str, str]:
    return {
        "coldkey": coldkey.ss58_address,
        "coldkeypub": coldkeypub.ss58_address,
        "hotkey": hotkey.ss58_address,
        "coldkeySignature": "0x" + coldkey.sign(message.encode()).hex(),
        "hotkeySignature": "0x" + hotkey.sign(message.encode()).hex(),
    }


def write(job: dict[str, Any]) -> dict[str, str]:
    wallet = Wallet(name=job["wallet"], hotkey=job["hotkey"], path=job["path"])
    coldkey = Keypair.create_from_mnemonic(job["mnemonic"])
    hotkey = Keypair.create_from_seed(job["hotkeySeed"])
    public = Keypair(ss58_address=coldkey.ss58_address)
    encrypt = job["password"] is not None
    wallet.coldkey_file.set_keypair(coldkey, encrypt=encrypt, overwrite=False, password=job["password"])
    wallet.coldkeypub_file.set_keypair(public, encrypt=False, overwrite=False)
    wallet.hotkey_file.set_keypair(hotkey, encrypt=False, overwrite=False)
    return facts(coldkey, public, hotkey, job["message"])


def read(job: dict[str, Any]) -> dict[str, str]:
    wallet = Wallet(name=job["wallet"], hotkey=job["hotkey"], path=job["path"])
    coldkey = wallet.coldkey_file.get_keypair(password=job["password"])
    return facts(coldkey, wallet.coldkeypub, wallet.hotkey_file.get_keypair(password=None), job["message"])


def verify(job: dict[str, Any]) -> dict[str, bool]:
    keypair = Keypair(ss58_address=job["address"])
    return {"valid": keypair.verify(job["message"].encode(), job["signature"])}


JOBS = {"write": write, "read": read, "verify": verify}


def main() -> None:
    job = json.load(sys.stdin)
    # Some versions write progress without a line end.
    print("\n" + json.dumps(JOBS[job["do"]](job)))


main()
