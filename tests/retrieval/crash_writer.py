"""A writer to be killed: takes invented texts into a home, one after the other, and tells each that is done.

Run as ``python crash_writer.py HOME FIRST COUNT``; after each text it prints its key on a line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shelf import HashedWords, source

from retrieval.library import Library


def text(number: int) -> str:
    """Return the invented text of a number: its words are found in no other."""
    mark = "".join(chr(0x4E00 + 60 * number + digit) for digit in range(8))
    body = [f"{mark}第{n}项任务已经完成，经办单位按月公布进度。" + "群众评议为满意。" * 12 for n in range(6)]
    return "\n".join(body)


def main() -> None:
    """Take ``COUNT`` texts from ``FIRST`` on, in groups of one to four."""
    home, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with Library.open(home, embedder=HashedWords(), write=True) as library:
        print("open", flush=True)
        number = first
        while number < first + count:
            group = range(number, number + 1 + number % 4)
            library.ingest_sources(source(f"text-{n}", text(n), title=f"第{n}篇") for n in group)
            for n in group:
                print(n, flush=True)
            number = group.stop


if __name__ == "__main__":
    main()
