"""The table of vectors finds what comparing everything finds, whatever was added, dropped or damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from shelf import entry

from retrieval.index.vectors.flat_search import ExactIndex
from retrieval.index.vectors.segment import SKETCHED, Block
from retrieval.index.vectors.table import Matrix, Part, looks_whole
from retrieval.values.documents import Document, Filter
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval.values.entry import Entry

WIDE = 384


def _rows(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors that gather in themes, as those of texts do."""
    random = np.random.default_rng(seed)
    themes = np.random.default_rng(99).standard_normal((40, WIDE))
    made = themes[random.integers(40, size=count)] + 0.8 * random.standard_normal((count, WIDE))
    made *= 1 / np.arange(1, WIDE + 1) ** 0.5
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


POOL = _rows(400)


def _vector(one: Entry) -> NDArray[np.float32]:
    return POOL[int(one.text)]


def vectors(entries: Sequence[Entry]) -> NDArray[np.float32]:
    return np.stack([_vector(one) for one in entries])


def _entries(*numbers: int, text: int = 0) -> list[Entry]:
    return [entry(f"doc{n % 4}-{n:04d}", str(n + text), place=f"第{n % 4}市") for n in numbers]


HEADS = [
    Document(id=f"doc{n}", source="s", text="", title="t", place=f"第{n}市" if n < 4 else None)
    for n in range(5)
]


def _found(table: Matrix, asked: NDArray[np.float32], limits: Filter | None = None) -> dict[str, float]:
    return ExactIndex(table.parts, HEADS).find(asked, limit=5, limits=limits or Filter())


def _truth(entries: Sequence[Entry], asked: NDArray[np.float32]) -> dict[str, float]:
    scored = sorted(((float(_vector(one) @ asked), one.id) for one in entries), reverse=True)
    return {name: score for score, name in scored[:5]}


def test_a_sketch_misses_next_to_nothing() -> None:
    """Of the ten nearest of 12,000 at least 99 % are found, inside limits and without."""
    rows, asked = _rows(12_000, 1), _rows(60, 2)
    names = [f"doc{n % 4}-{n:06d}" for n in range(len(rows))]
    block = Block.of(names, rows)
    assert len(block.sketch) == len(block)
    assert block.sketch.bits.nbytes + block.sketch.scales.nbytes < block.vectors.nbytes / 10
    index = ExactIndex([Part(block=block, live=np.ones(len(block), np.bool_))], HEADS)
    for limits, allowed in (
        (Filter(), np.ones(len(rows), bool)),
        (Filter(places=("第1市",)), np.arange(len(rows)) % 4 == 1),
    ):
        hits = 0
        for one in asked:
            exact = np.where(allowed, rows @ one, -1)
            best = {names[n] for n in np.argsort(-exact)[:10]}
            found = index.find(one, limit=10, limits=limits)
            assert list(found.values()) == sorted(found.values(), reverse=True)
            hits += len(best & set(found))
        assert hits >= 0.99 * 10 * len(asked)


def test_a_change_says_the_last_word(tmp_path: Path) -> None:
    """What was put again counts as it was put last, what was dropped is gone, here and after opening anew."""
    table = Matrix.create(tmp_path, vectors=vectors)
    table.apply(_entries(*range(60)), ())
    table.apply(_entries(3, 4, text=100), ["doc1-0001"])
    table.apply((), ["doc2-0002"])
    table.apply((), ["doc2-0002", "doc9-9999"])
    now = [one for one in _entries(*range(60)) if one.id[-2:] not in ("01", "02", "03", "04")]
    now += _entries(3, 4, text=100)
    for opened in (table, Matrix.open(tmp_path, vectors=vectors)):
        assert opened.count() == len(now)
        for asked in (POOL[103], POOL[1], POOL[2], POOL[50]):
            assert _found(opened, asked) == pytest.approx(_truth(now, asked), abs=2e-3)
        opened.check(now)
        with pytest.raises(IndexBroken):
            opened.check(_entries(1))
        with pytest.raises(IndexBroken):
            opened.check(_entries(3))


def test_limits_are_hard(tmp_path: Path) -> None:
    """Nothing outside a limit is found, and a place without passages gives nothing."""
    table = Matrix.create(tmp_path, vectors=vectors)
    table.apply(_entries(*range(40)), ())
    inside = [one for one in _entries(*range(40)) if one.place == "第3市"]
    limits = Filter(places=("第3市",))
    assert _found(table, POOL[7], limits) == pytest.approx(_truth(inside, POOL[7]), abs=2e-3)
    assert _found(table, POOL[7], Filter(places=("他市",))) == {}


def test_a_reader_sees_what_is_added_and_keeps_what_it_held(tmp_path: Path) -> None:
    """A reader's view stays as it was while blocks are merged away under it, until it looks anew."""
    writer = Matrix.create(tmp_path, vectors=vectors)
    writer.apply(_entries(*range(10)), ())
    reader = Matrix.open(tmp_path, vectors=vectors)
    before = ExactIndex(reader.parts, HEADS)
    for n in range(10, 60, 10):
        writer.apply(_entries(*range(n, n + 10)), ())
    assert before.find(POOL[33], limit=5, limits=Filter()) == pytest.approx(
        _truth(_entries(*range(10)), POOL[33]), abs=2e-3
    )
    reader.reload()
    assert reader.count() == 60
    assert len(list(tmp_path.glob("b0*"))) == len(reader.parts) <= 4


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    """A block that is not listed counts for nothing and goes with the next change."""
    table = Matrix.create(tmp_path, vectors=vectors)
    table.apply(_entries(*range(10)), ())
    (tmp_path / "b000009").mkdir()
    (tmp_path / "b000009" / "ids.npy").write_bytes(b"half")
    again = Matrix.open(tmp_path, vectors=vectors)
    again.apply(_entries(11), ())
    assert again.count() == 11
    assert not (tmp_path / "b000009").exists()


@pytest.mark.parametrize(
    "name", ["ids.npy", "vectors.npy", "sums.json", "axis.npy", "bits.npy", "scales.npy"]
)
@pytest.mark.parametrize("damage", ["gone", "cut", "flipped"])
def test_damage_is_noticed_at_opening(tmp_path: Path, name: str, damage: str) -> None:
    """A file that is missing, cut short or changed by one bit is never searched."""
    Matrix.create(tmp_path, vectors=vectors).apply(_entries(*range(30)), ())
    path = next(tmp_path.glob(f"b*/{name}"))
    held = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        held[len(held) // 2] ^= 1
        path.write_bytes(held if damage == "flipped" else held[: len(held) // 2])
    with pytest.raises(IndexBroken):
        Matrix.open(tmp_path, vectors=vectors)


def test_a_folder_without_a_list_is_no_table(tmp_path: Path) -> None:
    """It is seen from outside, and told at opening."""
    assert not looks_whole(tmp_path)
    with pytest.raises(IndexBroken):
        Matrix.open(tmp_path, vectors=vectors)


def test_few_vectors_have_no_sketch() -> None:
    """Where all are compared anyway, none is made."""
    assert len(Block.of([f"d-{n}" for n in range(100)], _rows(100)).sketch) == 0
    assert SKETCHED > 100
