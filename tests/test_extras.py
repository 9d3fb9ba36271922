"""What needs an optional extra is skipped, with a plain reason, where the extra is missing."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import extras
import pytest

ROOT = Path(__file__).resolve().parent.parent
# Collects all tests in a process that can't import the modules of any extra.
WITHOUT_EXTRAS = """
import importlib.abc, sys
sys.path.insert(0, "tests")
import extras, pytest
hidden = tuple(module for modules in extras.declared().values() for module in modules)

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider"]))
"""


def test_every_extra_has_modules_that_can_be_missing() -> None:
    told = extras.declared()
    assert told["peers"] == ("haystack", "langchain_chroma", "langchain_text_splitters", "llama_index.core")
    assert told["cluster"] == ("ray",)


def test_a_module_that_no_extra_brings_is_a_failure_not_a_skip() -> None:
    assert extras.reason(ModuleNotFoundError("no", name="retrieval.nothing")) is None
    assert extras.reason(ImportError("no", name="ray")) is None
    assert extras.reason(None) is None


@pytest.mark.parametrize("extra", extras.declared())
def test_a_missing_module_of_an_extra_names_it(extra: str) -> None:
    for module in extras.declared()[extra]:
        told = extras.reason(ModuleNotFoundError("no", name=module), lambda _: False) or ""
        assert f"chengwen[{extra}]" in told
        assert extras.named(told)


def test_modules_are_named_as_their_packages_install_them() -> None:
    """Where an extra is installed, the names its modules are looked for under are the real ones."""
    there = packages_distributions()
    for extra, modules in extras.declared().items():
        if extras.missing(extra) is None:
            assert {module.partition(".")[0] for module in modules} <= set(there), extra


@pytest.mark.slow
def test_all_tests_are_collected_without_extras() -> None:
    if all(extras.missing(extra) for extra, modules in extras.declared().items() if modules):
        pytest.skip("no extra is installed: this run itself shows it")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
