"""Signs many axon requests at once with the SDK's own wallet, which is fast enough to stay ahead of any server.

One JSON job per line from stdin: {"seed", "axon": ss58, "uuids": [...], "from": ns, "step": ns, "each": count}
One JSON line back: {"hotkey", "signatures": [[hex, ...] per uuid]}; request i of a uuid has nonce from + i * step.
"""

import json
import sys

from bittensor_wallet import Keypair

EMPTY_BODY_HASH = "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"

for line in sys.stdin:
    job = json.loads(line)
    keypair = Keypair.create_from_seed(job["seed"])
    nonces = [job["from"] + i * job["step"] for i in range(job["each"])]
    ends = [f".{keypair.ss58_address}.{job['axon']}.{uuid}.{EMPTY_BODY_HASH}" for uuid in job["uuids"]]
    signatures = [[keypair.sign(f"{nonce}{end}".encode()).hex() for nonce in nonces] for end in ends]
    print(json.dumps({"hotkey": keypair.ss58_address, "signatures": signatures}), flush=True)
