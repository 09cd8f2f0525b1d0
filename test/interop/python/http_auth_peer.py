"""Signs and checks btauth/1 requests with the SDK's own http_auth. One JSON job from stdin, one JSON answer.

{"do": "sign", "seed", "method", "path", "body": base64, "receiver": ss58 | null} -> {headers}
{"do": "verify", "headers", "method", "path", "body": base64, "self": ss58} -> {"caller"} or {"error"}
"""

import base64
import json
import sys
from typing import Any

from bittensor import http_auth, keyfiles


def answer(job: dict[str, Any]) -> dict[str, Any]:
    body = base64.b64decode(job["body"])
    if job["do"] == "sign":
        signer = keyfiles.Keypair.create_from_seed(bytes.fromhex(job["seed"].removeprefix("0x")))
        return http_auth.sign(
            signer, method=job["method"], path=job["path"], body=body, receiver_ss58=job["receiver"]
        )
    try:
        caller = http_auth.verify(
            job["headers"], body, method=job["method"], path=job["path"], self_hotkey_ss58=job["self"]
        )
    except http_auth.AuthError as error:
        return {"error": type(error).__name__}
    return {"caller": caller.hotkey_ss58}


print(json.dumps(answer(json.load(sys.stdin))))
