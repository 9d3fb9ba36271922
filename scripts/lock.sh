#!/bin/sh
# Resolve the dependencies anew into the lock files: versions and hashes, no addresses.
set -eu
bin=.venv/bin
"$bin/python" -m pip --disable-pip-version-check -q install uv
resolve() { # $1: lock file; the rest: what goes in
    out=$1
    shift
    "$bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links "$@" -o "$out"
}
resolve requirements.lock pyproject.toml scripts/build.in
resolve requirements-dev.lock pyproject.toml scripts/build.in --group dev -c requirements.lock
resolve requirements-peers.lock pyproject.toml scripts/build.in --group dev --extra peers -c requirements-dev.lock
