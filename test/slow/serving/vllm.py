"""Stands where vLLM is in an image: takes its arguments strictly, and lists its model as vLLM does when it has loaded."""

import argparse
import http.server
import json
import os
import sys

parser = argparse.ArgumentParser(allow_abbrev=False)
parser.add_argument("weights")
parser.add_argument("--served-model-name", required=True)
parser.add_argument("--host", choices=["0.0.0.0"], required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--max-model-len", type=int, required=True)
parser.add_argument("--max-num-seqs", type=int, required=True)
parser.add_argument("--gpu-memory-utilization", type=float)
parser.add_argument("--kv-cache-memory-bytes", type=int)
parser.add_argument("--limit-mm-per-prompt", type=json.loads, required=True)
given = parser.parse_args()
KEY = os.environ.get("VLLM_API_KEY")
if not os.path.isdir("/cache/huggingface") or not os.access("/cache", os.W_OK):
    sys.exit("the caches are not there")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802
        if self.path == "/health":
            return self.answer(200, {})
        if KEY and self.headers.get("authorization") != f"Bearer {KEY}":
            return self.answer(401, {"error": "Unauthorized"})
        if self.path == "/v1/models":
            return self.answer(200, {"object": "list", "data": [{"id": given.served_model_name}]})
        return self.answer(404, {})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


print("INFO loading", given.weights, flush=True)
http.server.ThreadingHTTPServer((given.host, given.port), Handler).serve_forever()
