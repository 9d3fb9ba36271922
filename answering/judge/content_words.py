"""The words of a claim that say something by themselves, against those of its evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.claim_differences import Difference
from answering.judge.nearness import content, covered, edits, expanded, uncovered
from answering.judge.reading import read_text
from answering.judge.scope import own_names
from answering.lexicon import thesaurus
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.claim_differences import Comparison
    from answering.judge.nearness import Nearness
    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.text.sentences import Span

_NEAREST = 2  # clauses of the evidence that a clause of the claim is compared with by meaning
_CODE = re.compile("[Ⅰ-ⅿ]+")


def compare_words(
    done: Comparison,
    claim: TextReading,
    evidence: Sequence[ClaimEvidence],
    nearness: Nearness,
    gazetteer: Gazetteer,
    near: str,
) -> None:
    """Compare what no figure, place or year says: what the evidence has no words for, and what it exchanges.

    ``near`` are the sentences of the evidence (folded) that the claim speaks of.
    """
    known = tuple(e.place for e in evidence if e.place)
    bars = [(m.start, m.end) for m in gazetteer.find(claim.text, prefer=known)]
    bars += [(f.start, f.end) for f in claim.figures]
    bars += [
        (m.start(), m.end())
        for name in own_names(evidence)
        for m in re.finditer(re.escape(name), claim.folded)
    ]
    marks = content(claim.folded, bars)
    sources = [fold(f"{e.quote} {e.heading} {e.document} {e.context} {e.place}") for e in evidence]
    quotes = [fold(e.quote) for e in evidence]
    clauses = [claim.folded[c.start : c.end].strip() for c in claim.clauses]
    spans = [
        quotes[n][c.start : c.end].strip()
        for n, e in enumerate(evidence)
        for c in read_text(e.quote, e.heading).clauses
    ]
    english = done.features["english"]
    spans = spans if english else _likely(clauses, spans)
    nearness.prepare([claim.folded, *clauses, *spans, *quotes])
    whole = max((nearness.cosine(claim.folded, q) for q in quotes), default=0.0)
    done.best = max(
        range(len(quotes)),
        key=lambda n: nearness.cosine(claim.folded, quotes[n]) + covered(claim.folded, quotes[n]),
        default=0,
    )
    by_clause = [
        max((nearness.cosine(c, s) for s in (*spans, *quotes)), default=0.0) for c in clauses if len(c) > 3
    ]
    done.features["cosine"] = (whole - 0.9) * 10
    done.features["cosine_least"] = (min(by_clause, default=whole) - 0.88) * 10
    if english:
        done.features["cosine_english"] = (whole - 0.85) * 10
        done.features["english_lost"], done.features["english_lost_near"] = (
            _untranslated(claim.folded, text) for text in (" ".join(sources), near)
        )
        return
    wide = expanded(" | ".join(sources))
    codes = set(_CODE.findall(claim.text)) - {c for e in evidence for c in _CODE.findall(e.quote)}
    if codes:
        done.add("code")
        done.differences.append(Difference("words", min(codes)))
    runs = uncovered(claim.folded, marks, wide)
    size = max(1, sum(marks))
    lost = sum(len(r) for r in runs)
    done.features["lost"] = lost / size
    close = expanded(" | ".join((near, *(fold(f"{e.heading} {e.document} {e.place}") for e in evidence))))
    done.features["lost_near"] = sum(len(r) for r in uncovered(claim.folded, marks, close)) / size
    done.features["lost_most"] = min(1.0, max((len(r) for r in runs), default=0) / 8)
    done.features["lost_chars"] = min(2.0, lost / 10)
    shares = [_share(claim, c, marks, wide) for c in claim.clauses if sum(marks[c.start : c.end]) > 2]
    done.features["share_least"] = min(shares, default=1.0)
    done.features["clauses"] = min(4.0, len(shares))
    masked = _masked(claim.folded, bars)
    changed(done, [masked[c.start : c.end].strip() for c in claim.clauses], spans)
    done.features["bare"] = float(not claim.facts)
    done.features["bare_lost"] = done.features["bare"] * lost / size
    for run in runs:
        if len(run) > 3:
            done.differences.append(Difference("content", run))


def _untranslated(claim: str, there: str) -> float:
    """Return the share of an English claim's known words (folded) of whose Chinese a text has none."""
    words = thesaurus.load()
    known: dict[tuple[int, int], bool] = {}
    for found in words.groups_in(claim):
        if found.surface.isascii() and len(found.surface) > 2:
            at = found.start, found.end
            known[at] = known.get(at, False) or any(w in there for w in words.groups[found.group_id].chinese)
    return 1 - sum(known.values()) / len(known) if known else 0.0


def _masked(folded: str, bars: Sequence[tuple[int, int]]) -> str:
    """Hide the places and figures of a claim, at the same length: they are compared elsewhere."""
    for start, end in bars:
        folded = folded[:start] + "█" * (end - start) + folded[end:]
    return folded


def _likely(clauses: Sequence[str], spans: Sequence[str]) -> list[str]:
    """Return of each clause of the claim the few of the evidence that share most with it."""
    found: dict[str, None] = {}
    for clause in clauses:
        wide = expanded(clause)
        found |= dict.fromkeys(sorted(spans, key=lambda s: -covered(s, wide) - covered(clause, s))[:_NEAREST])
    return list(found)


def changed(done: Comparison, clauses: Sequence[str], spans: Sequence[str]) -> None:
    """Compare each clause with the one nearest to it letter by letter: what was put in place of what, left out, put in."""
    for clause in clauses:
        best = max(spans, key=lambda s: covered(clause, s) + 0.5 * covered(s, clause), default="")
        near = covered(clause, best)
        if near < 0.3:
            done.add("apart", 1.0)
            continue
        for kind, mine, theirs in edits(clause, best):
            if kind == "replace":
                done.add("replaced", near)
                done.add("replaced_far", near * (1 - covered(mine, expanded(theirs))))
                done.differences.append(Difference("content", mine, theirs))
            elif kind == "insert":
                done.add("inserted", near * min(len(mine), 8) / 8)
            else:
                done.add("left_out", near * min(len(theirs), 12) / 12)


def _share(claim: TextReading, span: Span, marks: Sequence[bool], sources: str) -> float:
    text = claim.folded[span.start : span.end]
    part = list(marks[span.start : span.end])
    size = sum(part)
    return 1 - min(size, sum(len(r) for r in uncovered(text, part, sources))) / size
