"""What retrieval offers to other packages."""

from __future__ import annotations

import subprocess
import sys

import pytest

import retrieval


def test_every_name_offered_is_there() -> None:
    """``__all__`` is exact: each name loads, and no other is offered."""
    assert retrieval.__all__ == sorted(retrieval.__all__, key=lambda name: (name.islower(), name))
    for name in retrieval.__all__:
        assert getattr(retrieval, name).__module__.startswith("retrieval.")
    assert set(retrieval._HOMES) == set(retrieval.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = retrieval.nothing_of_the_kind


def test_the_package_alone_loads_nothing_heavy() -> None:
    """To import the package, a value or an error takes no engine."""
    code = (
        "import sys, retrieval, retrieval.values.errors\n"
        "from retrieval import Filter\n"
        "heavy = ('chromadb', 'sqlalchemy', 'tantivy', 'numpy', 'onnxruntime')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
