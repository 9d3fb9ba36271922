#!/bin/sh
# Resolve the dependencies again into the lock files: versions, hashes and who needs what, no addresses.
set -eu
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
.venv/bin/python -m venv "$room"
"$room/bin/python" -m pip --disable-pip-version-check -q install uv
resolve() { # $1: lock file; the rest: what goes in
    out=$1
    shift
    "$room/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links "$@" -o "$out"
}
resolve requirements.lock pyproject.toml scripts/build.in
resolve requirements-dev.lock pyproject.toml scripts/build.in --group dev -c requirements.lock
resolve requirements-extras.lock pyproject.toml scripts/build.in --group dev --all-extras -c requirements-dev.lock
