"""Load the words said to a language model (``prompts/*.txt``) and fill them strictly.

A prompt is a ``string.Template`` text. Which names each may use stands here; a missing file, a missing name
and an unknown one are refused when prompts are loaded, which is before the first question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from answering.values.errors import PromptError
from answering.values.trace import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

# The names that each prompt is given, all of which it must use.
NAMES: dict[str, frozenset[str]] = {
    "answer": frozenset(),
    "ask": frozenset({"fence", "evidence", "question"}),
    "repair": frozenset({"problems"}),
    "rewrite": frozenset({"fence", "history", "question"}),
    "vote": frozenset({"claim", "evidence"}),
}
# Faults are told line by line, ``key: text``; each may name these.
FAULTS = "faults"
FAULT_NAMES = frozenset({"text", "why", "right"})
FAULT_KEYS = frozenset(
    {verdict.value for verdict in Verdict} - {Verdict.KEPT.value, Verdict.SILENT.value} | {"lacks_answer"}
)
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One text; ``version`` changes with any letter of it."""

    name: str  # "answer.zh"
    text: str

    @property
    def version(self) -> str:
        """Name and content in short: ``answer.zh@1f0c2d``."""
        return f"{self.name}@{hashlib.sha256(self.text.encode()).hexdigest()[:6]}"

    def fill(self, **names: str) -> str:
        """Return the text with its names filled in; raises PromptError for other names than it uses."""
        wanted = NAMES[self.name.partition(".")[0]]
        if wanted != names.keys():
            raise PromptError(f"提示词 {self.name} 给错了名字：{_listed(wanted ^ names.keys())}。")
        return Template(self.text).substitute(names)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts, each in every language, and the words for what a model got wrong."""

    all: dict[str, Prompt]
    faults: dict[str, dict[str, Template]]  # by language, by key

    def get(self, name: str, language: str) -> Prompt:
        """Return a prompt; ``language`` is "zh" or "en"."""
        return self.all[f"{name}.{language}"]

    def fault(self, key: str, language: str, *, text: str = "", why: str = "", right: str = "") -> str:
        """Return the sentence that tells a model of one fault."""
        return self.faults[language][key].substitute(text=text, why=why, right=right)

    @property
    def version(self) -> str:
        """A digest of all prompts together."""
        told = [self.all[name].version for name in sorted(self.all)]
        told += [
            f"{key}{text.template}" for said in self.faults.values() for key, text in sorted(said.items())
        ]
        return hashlib.sha256("".join(told).encode()).hexdigest()[:12]


def load(folder: Traversable | None = None) -> Prompts:
    """Load and check all prompts, by default those that ship. Raises PromptError."""
    home = folder if folder is not None else resources.files("prompts")
    faults = {language: _faults(home, f"{FAULTS}.{language}") for language in LANGUAGES}
    return Prompts({prompt.name: prompt for prompt in _read(home)}, faults)


def _read(folder: Traversable) -> Iterator[Prompt]:
    for kind, wanted in NAMES.items():
        for language in LANGUAGES:
            name = f"{kind}.{language}"
            text = _text(folder, name)
            _check(name, text, wanted)
            yield Prompt(name=name, text=text)


def _text(folder: Traversable, name: str) -> str:
    try:
        return (folder / f"{name}.txt").read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise PromptError(f"读不了提示词 prompts/{name}.txt：{error}。") from error


def _faults(folder: Traversable, name: str) -> dict[str, Template]:
    lines = [line.partition(":") for line in _text(folder, name).splitlines() if line.strip()]
    told = {key.strip(): Template(text.strip()) for key, _, text in lines}
    if strange := told.keys() ^ FAULT_KEYS:
        raise PromptError(f"提示词 prompts/{name}.txt 里缺少或多出：{'、'.join(sorted(strange))}。")
    for key, template in told.items():
        if not template.template or not template.is_valid() or set(template.get_identifiers()) - FAULT_NAMES:
            raise PromptError(f"提示词 prompts/{name}.txt 的 {key} 写得不对：只能用 {_listed(FAULT_NAMES)}。")
    return told


def _check(name: str, text: str, wanted: frozenset[str]) -> None:
    template = Template(text)
    if not text or not template.is_valid():
        raise PromptError(f"提示词 prompts/{name}.txt 写得不对：要有文字，$ 后面跟名字，要写 $ 本身就写 $$。")
    used = frozenset(template.get_identifiers())
    if missing := wanted - used:
        raise PromptError(f"提示词 prompts/{name}.txt 里少了：{_listed(missing)}。")
    if unknown := used - wanted:
        raise PromptError(f"提示词 prompts/{name}.txt 里有不认识的名字：{_listed(unknown)}。")


def _listed(names: frozenset[str] | set[str]) -> str:
    return "、".join(f"${name}" for name in sorted(names))
