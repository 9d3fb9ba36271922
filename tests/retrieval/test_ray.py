"""An ingest on a Ray cluster: two workers of this machine give the catalogue that one process gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import extras
import pytest

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.digests import digests_of
from retrieval.embeddings.embedder import open_embedder, words_alone
from retrieval.library import Library

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

UNBEGUN = "没能启动"
BUSY = "Ray gives itself half a minute to start, and this machine was too busy"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(extras.missing("cluster") is not None, reason=str(extras.missing("cluster"))),
    pytest.mark.skipif(words_alone("embedded") is not None, reason="there is no embedded model here"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with eight texts, one of them empty and one in another encoding."""
    made = tmp_path_factory.mktemp("texts")
    for n in range(6):
        lines = [
            f"第{n}市今年新建公园{n + k + 3}处，投入{k + 1}.5亿元，{'逐月推进，' * 12}群众满意。"
            for k in range(8)
        ]
        (made / f"{n:02d}.txt").write_text("\n".join([f"第{n}市工作报告", *lines]), encoding="utf-8")
    (made / "empty.txt").write_bytes(b"")
    (made / "gbk.txt").write_bytes("海拉尔区改造老旧小区三十个，居民满意。".encode("gb18030"))
    return made


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what one process makes of it."""
    home = tmp_path_factory.mktemp("alone")
    with Library.open(home, embedder=open_embedder(home=home), write=True) as library:
        library.ingest([folder])
        found = [hit.passage.id for hit in library.find("新建了多少公园")]
    with closing(Catalogue.open(home / "catalogue.db")) as catalogue:
        return {"digests": asdict(digests_of(catalogue)), "found": found}


def _ran(command: list[str], *, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; skip where Ray did not come up, even if it then takes long to end."""
    said = cwd / "said.txt"
    with said.open("w", encoding="utf-8") as errors:
        try:
            done = subprocess.run(
                [sys.executable, *command],
                env={**os.environ, "PYTHONPATH": str(ROOT), **more},
                check=False,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                timeout=600,
                cwd=cwd,
            )
        except subprocess.TimeoutExpired:
            if UNBEGUN in said.read_text(encoding="utf-8"):
                pytest.skip(BUSY)
            raise
    done.stderr = said.read_text(encoding="utf-8")
    return done


def _spread(home: Path, folder: Path, how: str) -> dict[str, Any]:
    done = _ran([str(HERE / "cluster_ingest.py"), str(home), str(folder), "2", how], cwd=home)
    if UNBEGUN in done.stderr:
        pytest.skip(BUSY)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("how", ["whole", "lose"])
def test_workers_give_the_same_catalogue(
    tmp_path: Path, folder: Path, alone: dict[str, Any], how: str
) -> None:
    """Byte for byte: texts, register, vectors, and what is found; a worker that is killed costs time only."""
    told = _spread(tmp_path, folder, how)
    assert told["digests"] == alone["digests"]
    assert told["found"] == alone["found"]
    assert len(told["lost"]) == (1 if how == "lose" else 0)


def test_no_address_is_this_machine(tmp_path: Path, folder: Path) -> None:
    """As it is typed at a shell: the option stands alone, before the paths."""
    command = ["-m", "bot", "ingest", "--ray", str(folder), "--json"]
    done = _ran(command, cwd=tmp_path, CHENGWEN_HOME=str(tmp_path / "home"), EMBEDDINGS="none")
    if UNBEGUN in done.stderr:
        pytest.skip(BUSY)
    told = {Path(one["path"]).name: one["status"] for one in json.loads(done.stdout)}
    assert told.pop("empty.txt") == "refused"
    assert set(told.values()) == {"ingested"}
    assert len(told) == 7
    assert done.returncode == 1, "one file was refused"


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, folder: Path) -> None:
    """In a sentence, and nothing is written."""
    command = ["-m", "bot", "ingest", "--ray", "127.0.0.1:1", str(folder)]
    done = _ran(command, cwd=tmp_path, CHENGWEN_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert "Ray 集群 127.0.0.1:1 连不上" in done.stderr
    assert "Traceback" not in done.stderr
