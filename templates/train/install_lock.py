"""Installs a hashed lock file into an image; torch and its libraries stay where the base image has them."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MINIMUM = (3, 11)
CUDA_PARTS = "cublas|cuda|cudnn|cufft|cufile|curand|cusolver|cusparse|cusparselt|nccl|nvjitlink|nvshmem|nvtx"
OF_THE_BASE = re.compile(rf"^(torch|torchvision|triton|nvidia-({CUDA_PARTS})(-.*)?|cuda-.*)$")


def requirements(text: str) -> list[str]:
    """The requirements of a lock file, each with its hashes; comments and options are left out."""
    found: list[str] = []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        words = line.split(" #")[0].strip()
        if words and not words.startswith(("#", "-")):
            found.append(re.sub(r"\s+", " ", words))
    return found


def name_of(requirement: str) -> str:
    """The package's name: `Torch_Vision[x]==1 ; …` is torch-vision."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", match.group(0)).lower() if match else ""


def wanted(text: str, has_torch: bool) -> list[str]:
    """What has to be installed into an image that has torch, or has not."""
    return [r for r in requirements(text) if not (has_torch and OF_THE_BASE.match(name_of(r)))]


def main(path: str) -> int:
    """Installs with pip, each file checked against the lock's hashes."""
    if sys.version_info < MINIMUM:
        print(f"the base image has Python {sys.version.split()[0]}; 3.11 or newer is needed", file=sys.stderr)
        return 1
    has_torch = importlib.util.find_spec("torch") is not None
    packages = wanted(Path(path).read_text(encoding="utf-8"), has_torch)
    if not packages:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        rest = Path(folder) / "rest.lock"
        rest.write_text("\n".join(packages) + "\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "install", "--no-cache-dir", "--no-input"]
        return subprocess.call([*pip, "--require-hashes", "--no-deps", "-r", str(rest)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
