"""The unpacked model is kept whole or not at all, whatever happens to the disk, the file or the process."""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tiny_weights as tiny

from retrieval.embeddings.e5.model import EmbeddedModel
from retrieval.embeddings.e5.weights import cached

if TYPE_CHECKING:
    from pathlib import Path

OPEN = """
import sys
from pathlib import Path
from retrieval.embeddings.e5.model import EmbeddedModel
vector = EmbeddedModel(Path(sys.argv[1]), weights=Path(sys.argv[2])).query("台州")
print(vector[:4].tolist())
"""


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "weights.bin")


def made() -> bytes:
    return b"unpacked" * 1000


def never() -> bytes:
    raise AssertionError("made again without need")


def another_process(home: Path, weights: Path, *, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", before + OPEN, str(home), str(weights)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "models" / "it"
    assert cached(path, made) == made()
    assert cached(path, never) == made()
    assert [file.name for file in path.parent.iterdir()] == ["it"]


@pytest.mark.parametrize("damage", [b"", b"short", None], ids=["empty", "cut short", "one bit turned"])
def test_a_damaged_file_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes | None
) -> None:
    path = tmp_path / "it"
    cached(path, made)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    assert cached(path, made) == made()
    assert path.read_bytes() == whole
    assert "已损坏" in caplog.text


def test_a_folder_that_can_not_be_made_is_told_and_memory_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    assert cached(tmp_path / "models" / "it", made) == made()
    assert "请检查磁盘空间和权限" in caplog.text


def test_a_disk_that_takes_no_more_leaves_no_half_file(home: Path, weights: Path) -> None:
    """The other process may write 4 kB a file; the system refuses the rest, as a full disk would."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.RLIM_INFINITY}));"
    process = another_process(home, weights, before=limit)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.startswith("[")
    assert "模型缓存写不进" in err
    assert list((home / "models").iterdir()) == []


def test_what_a_killed_writer_left_is_cleared_in_time(tmp_path: Path) -> None:
    old, fresh = tmp_path / "it.1-aa.tmp", tmp_path / "it.2-bb.tmp"
    for left in (old, fresh):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    cached(tmp_path / "it", made)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["it", "it.2-bb.tmp"]


def test_processes_may_build_at_once(home: Path, weights: Path) -> None:
    processes = [another_process(home, weights) for _ in range(3)]
    results = [process.communicate(timeout=60) for process in processes]
    assert len({out for out, _ in results}) == 1
    assert [(process.returncode, err) for process, (_, err) in zip(processes, results, strict=True)] == [
        (0, "")
    ] * 3
    assert len(list((home / "models").iterdir())) == 1


def test_other_weights_have_another_file(home: Path, weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(tiny.content(tiny.arrays(seed=8)))
    vectors = [EmbeddedModel(home, weights=file).query("台州") for file in (weights, other, weights)]
    assert np.allclose(vectors[0], vectors[2])
    assert not np.allclose(vectors[0], vectors[1], atol=0.01)
    assert len(list((home / "models").iterdir())) == 2


def test_a_model_damaged_in_its_home_opens_as_before(
    home: Path, weights: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    before = EmbeddedModel(home, weights=weights).query("台州")
    (file,) = (home / "models").iterdir()
    file.write_bytes(file.read_bytes()[:5000])
    assert np.allclose(EmbeddedModel(home, weights=weights).query("台州"), before)
    assert "已损坏" in caplog.text
