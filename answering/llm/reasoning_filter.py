"""A model's thinking aloud, ``<think>…</think>`` and its like, taken out of what it says, piece by piece."""

from __future__ import annotations

_NAMES = ("think", "thought")
_OPEN = tuple(f"<{name}>" for name in _NAMES)
_CLOSE = tuple(f"</{name}>" for name in _NAMES)


class Thoughts:
    """Takes pieces as they come and gives back what may be shown; a tag may be split over pieces."""

    def __init__(self) -> None:
        self._thinking = False
        self._held = ""  # may be the beginning of a tag
        self._spoke = False

    def without(self, piece: str) -> str:
        """Return what ``piece`` adds to the spoken text; white space before its first word is left out."""
        text, said = self._held + piece, ""
        while tag := self._tag(text):
            before, _, text = text.partition(tag)
            said += "" if self._thinking else before
            self._thinking = tag in _OPEN
        self._held = _unfinished(text)
        if not self._thinking:
            said += text[: len(text) - len(self._held)]
        return self._spoken(said)

    def rest(self) -> str:
        """Return what was held back, now that nothing more comes."""
        said = "" if self._thinking else self._held
        self._held = ""
        return self._spoken(said)

    def _tag(self, text: str) -> str:
        """Return the tag that comes first; a closing one may stand alone, where the prompt opened it."""
        tags = _CLOSE if self._thinking else (*_OPEN, *_CLOSE)
        return min((tag for tag in tags if tag in text), key=text.index, default="")

    def _spoken(self, said: str) -> str:
        shown = said if self._spoke else said.lstrip()
        self._spoke = self._spoke or bool(shown)
        return shown


def _unfinished(text: str) -> str:
    """Return the end of ``text`` that may grow into a tag."""
    start = text.rfind("<")
    end = text[start:] if start >= 0 else ""
    return end if end and any(tag.startswith(end) for tag in (*_OPEN, *_CLOSE)) else ""
