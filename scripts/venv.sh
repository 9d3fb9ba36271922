#!/bin/sh
# Make the virtual environment $1 with the newest Python from 3.11 on that is to be found.
set -eu
for name in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || continue
    if "$name" -m venv "$1" 2>/dev/null && "$1/bin/python" -m pip --version >/dev/null 2>&1; then
        exit 0
    fi
    rm -rf "$1"
    broken="$name"
done
if [ -n "${broken:-}" ]; then
    echo "$broken 无法建立虚拟环境：请安装 venv（Debian/Ubuntu：apt install python3-venv）。" >&2
    echo "$broken can't make a virtual environment: install its venv package (Debian/Ubuntu: apt install python3-venv)." >&2
else
    echo "没有找到 Python 3.11 到 3.14：请先安装，或用 PYTHON=路径 指明。" >&2
    echo "No Python 3.11 to 3.14 found: install one, or name it with PYTHON=path." >&2
fi
exit 1
