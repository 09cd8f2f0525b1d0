"""llama.cpp's own HTTP server. Usage: FOLDER PORT [blind] [KEY]; says "listening" when it does."""

import signal
import sys

from xllamacpp import CommonParams, Server

folder, port, *rest = sys.argv[1:]
params = CommonParams()
params.model.path = f"{folder}/language.gguf"
if "blind" not in rest:
    params.mmproj.path = f"{folder}/vision.gguf"
    params.mmproj_use_gpu = False
params.api_keys = [word for word in rest if word != "blind"]
params.model_alias = {"tiny"}
params.hostnames = ["127.0.0.1"]
params.port = int(port)
params.n_ctx = 4096
params.n_parallel = 2
params.cpuparams.n_threads = 1
params.warmup = False
server = Server(params)
print("listening", flush=True)
signal.pause()
