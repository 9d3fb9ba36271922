"""The optional extras: which are missing here, and the plain reason that a test gives for being skipped."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
# Distributions whose modules have another name than they.
_MODULES = {
    "haystack-ai": "haystack",
    "llama-index-core": "llama_index.core",
    "opentelemetry-sdk": "opentelemetry.sdk",
}
_NAMED = re.compile(r"chengwen\[(\w+)\]")


def declared() -> dict[str, tuple[str, ...]]:
    """Return the modules of each extra, without those that every install or the dev group brings."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    always = {_name(one) for one in (*told["project"]["dependencies"], *told["dependency-groups"]["dev"])}
    return {
        extra: tuple(_module(name) for name in map(_name, packages) if name not in always)
        for extra, packages in told["project"]["optional-dependencies"].items()
    }


def found(module: str) -> bool:
    """Tell whether a module can be imported here."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False


def missing(extra: str, found: Callable[[str], bool] = found) -> str | None:
    """Return the reason to skip what needs an extra, or None where all of it is installed."""
    if all(map(found, declared()[extra])):
        return None
    return f"needs an extra that is not installed: pip install 'chengwen[{extra}]'"


def reason(error: BaseException | None, found: Callable[[str], bool] = found) -> str | None:
    """Return the reason to skip what ended in an error, or None unless a missing extra caused it."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    for extra, modules in declared().items():
        if any(f"{module}.".startswith(f"{error.name}.") for module in modules):
            return missing(extra, found)
    root = error.name.partition(".")[0]
    return f"{root} could not be installed on this system" if root in optional() else None


def optional() -> set[str]:
    """Return the modules of packages that an install may leave out."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return set(map(_module, told["tool"]["chengwen"]["optional"]))


def named(text: str) -> bool:
    """Tell whether the reason of a skip names an extra."""
    return any(extra in declared() for extra in _NAMED.findall(text))


class ModuleOfTests(pytest.Module):
    """A file of tests that is skipped, with the reason, where it imports a missing extra."""

    def _getobj(self) -> object:
        try:
            return super()._getobj()
        except self.CollectError as error:
            if why := reason(error.__cause__):
                pytest.skip(why, allow_module_level=True)
            raise


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def _module(distribution: str) -> str:
    return _MODULES.get(distribution, distribution.replace("-", "_"))
