"""Stands where Triton's program is in an image: takes its arguments strictly and runs MLServer on the same repository."""

import argparse
import json
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser(allow_abbrev=False)
parser.add_argument("--model-repository", required=True, type=pathlib.Path)
parser.add_argument("--http-port", required=True, type=int)
parser.add_argument("--allow-grpc", choices=["false"], required=True)
parser.add_argument("--exit-on-error", choices=["true"], required=True)
parser.add_argument("--strict-readiness", choices=["true"], required=True)
# What goes wrong.
parser.add_argument("--test-memory", action="store_true")
parser.add_argument("--test-hang", action="store_true")
given = parser.parse_args()

if given.test_memory:
    sys.exit("E1121 failed to load 'roadwork': CUDA out of memory. Tried to allocate 2.00 GiB")
if given.test_hang:
    print("loading for ever", flush=True)
    time.sleep(1_000)

if os.access("/models", os.W_OK) or os.getuid() == 0 and open("/proc/self/status").read().count("CapEff:\t0000000000000000") != 1:
    sys.exit("the repository can be written to, or there are capabilities")

settings = pathlib.Path("/tmp/mlserver")
settings.mkdir(exist_ok=True)
(settings / "settings.json").write_text(
    json.dumps(
        {
            "host": "0.0.0.0",
            "http_port": given.http_port,
            "grpc_port": 9001,
            "metrics_port": 9002,
            "parallel_workers": 0,
            "debug": False,
        }
    )
)
for model in given.model_repository.iterdir():
    config = (model / "config.pbtxt").read_text()
    assert f'name: "{model.name}"' in config and 'backend: "onnxruntime"' in config, config
    folder = settings / model.name
    folder.mkdir(exist_ok=True)
    (folder / "model-settings.json").write_text(
        json.dumps(
            {
                "name": model.name,
                "implementation": "mlserver_model.OnnxModel",
                "parameters": {"uri": str(model / "1" / "model.onnx")},
                "inputs": [{"name": "image", "datatype": "UINT8", "shape": [-1, 224, 224, 3]}],
                "outputs": [{"name": "roadwork", "datatype": "FP32", "shape": [-1, 1]}],
            }
        )
    )
print(f"serving {given.model_repository}", flush=True)
sys.argv = ["mlserver", "start", str(settings)]
from mlserver.cli import main  # noqa: E402

main()
