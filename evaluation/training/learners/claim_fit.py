"""``python -m evaluation train-claims HOME [HOME FILE …]``: fits which printed fact a claim is about.

The first HOME holds the training documents, others come with a file of questions of their own.
Learned from: claims with their evidence; questions for a figure, told as claims with the figure that answers
them; and indicators of the register under another name
for the same. Prints how often the likeliest fact is the right one, documents held out.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from answering.claims.assertions import assertions, without_places
from answering.claims.claim_request import claimed, in_shares
from answering.claims.claim_search import claim_facts, claim_lines, names_of, newest_year, setting_of
from answering.claims.fact_fit import FEATURES, FILE, SIGNALS, FactFit, fact_rows, fit_signals, may_be
from answering.claims.spoken_figures import dated
from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.question.subject import variants
from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, squeezed
from evaluation.training.learners.listwise import fit_listwise, fit_odds, table
from retrieval import Library
from retrieval.catalog.fact_query import Ask
from retrieval.embeddings.embedder import open_embedder
from retrieval.facts.models import FigureKind, FigureRow
from retrieval.quantities import figures
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from answering.claims.assertions import Assertion
    from answering.claims.printed_facts import PrintedFact
    from answering.lexicon.thesaurus import Lexicon
    from evaluation.training.learners.listwise import Array, LinearFit

DATA = Path(__file__).parents[3] / "answering" / "data"
_PENALTY, _ODDS_PENALTY, _FOLDS = 0.02, 0.02, 5
_BEREFT = 0.4  # what a case counts whose fact is not told, or taken away
_LESS = 0.4  # what a claim made of the register counts
_PAIRED = 0.6  # share of these that tell two figures of a sentence
_NAMES = (4, 14)  # characters of a thing that claims are made of
_MADE = 160  # claims made of the register
_BOTH_SIDES = "target_vs_result"  # of questions that ask what became of a target, and claim nothing
_ASKED = re.compile("(?:百分之)?(?:多少|几)(?:个?百分点|个点|%)?")


@dataclass(frozen=True, eq=False)
class ClaimExample:
    """An assertion with the facts that it may be about; ``labels`` mark the right ones, if it is told of."""

    group: str
    assertion: Assertion
    facts: tuple[PrintedFact, ...]
    rows: Array
    near: tuple[tuple[float, float], ...]
    labels: Array
    worth: float


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) % 2 != 1:
        print(__doc__, file=sys.stderr)
        return 2
    bench = SharedMaterial().folder / "eval" / "bench"
    given = [(Path(arguments[0]), [bench / f"{name}.jsonl" for name in ("train-claims", "train-facts")])]
    given += [(Path(home), [Path(file)]) for home, file in zip(arguments[1::2], arguments[2::2], strict=True)]
    made: list[ClaimExample] = []
    for home, paths in given:
        with Library.open(home, embedder=open_embedder(home=home)) as library:
            made += examples(library, paths)
    report(made)
    write(made)
    return 0


def write(made: Sequence[ClaimExample]) -> None:
    """Write the weights fitted on all examples."""
    chosen = fit_choice(made)
    meant = fit_meant(made, chosen)
    told = (
        f"Fitted on {len(made)} assertions: train-claims, train-facts and facts-own as claims, the register."
    )
    written = {
        "provenance": told,
        "bias": round(meant.bias, 5),
        "features": table(chosen, FEATURES),
        "signals": table(meant, SIGNALS),
    }
    (DATA / FILE).write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def examples(library: Library, paths: Sequence[Path]) -> Iterator[ClaimExample]:
    """Yield the assertions of files of questions, and of the register, with their facts."""
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            claims = told["verdict"] and told["type"] != _BOTH_SIDES
            claim = told["question"] if claims else _answered(told)
            if claim:
                yield from _of_message(library, claim, told)
    yield from _registered(library)


def _answered(told: Mapping[str, Any]) -> str:
    """Return a question for one figure as a claim with the figure that answers it; "" for any other."""
    if (
        len(told["facts"]) != 1
        or told["type"] not in ("single", "unit", "follow", "figure")
        or not _ASKED.search(told["question"])
    ):
        return ""
    form = next((f for f in told["facts"][0] if figures(f) and re.search(r"\d", f)), "")
    return _ASKED.sub(form, told["question"], count=1) if form else ""


def desk_of(library: Library, text: str, history: Sequence[Mapping[str, str]]) -> QuestionContext:
    """Return a message on its desk."""
    turns = [Turn(role=one["role"], content=one["content"]) for one in history]
    frame, (hypothesis, *_) = readings_of(text, turns, known=known_of(library))[0]
    return QuestionContext(frame, library, thesaurus.load(), hypothesis)


def _of_message(library: Library, claim: str, told: Mapping[str, Any]) -> Iterator[ClaimExample]:
    desk = desk_of(library, claim, told["history"])
    text = in_shares(dated(claimed(desk.question.text), newest_year(desk)))
    facts = claim_facts(claim_lines(text, desk))
    setting = setting_of(desk)
    said = [without_places(one, names_of(desk)) for one in assertions(text)]
    several = len(said) > 1
    for one in said:
        held = [fact for fact in facts if may_be(one, fact)]
        if not held:
            continue
        labels = [float(_is_gold(fact, told, one, several=several)) for fact in held]
        if told["gold"] and not any(labels):
            continue
        rows, near = fact_rows(one, held, setting)
        document = told["gold"][0]["doc"] if told["gold"] else told["id"]
        yield ClaimExample(document, one, tuple(held), rows, tuple(near), np.array(labels), 1.0)


def _is_gold(fact: PrintedFact, told: Mapping[str, Any], one: Assertion, *, several: bool) -> bool:
    sentence = squeezed(fact.line.text)
    printed = squeezed(fact.printed)
    for gold in told["gold"]:
        quote = squeezed(gold["quote"])
        at = sentence.find(quote)
        start = len(squeezed(fact.line.text[: fact.start]))
        if at < 0 or not at <= start < at + len(quote):
            continue
        if several and told["verdict"] == "true" and fact.value != one.value:
            continue
        forms = [squeezed(form) for forms in told["facts"] for form in forms]
        if any(
            form in printed or printed in form or (form in squeezed(fact.clause) and fact.kind == "rank")
            for form in forms
        ):
            return True
    return False


def _registered(library: Library) -> Iterator[ClaimExample]:
    """Yield claims made of one or of two rows of a sentence, under names that mean the same."""
    draw, words = Random(11), thesaurus.load()  # noqa: S311 - a choice of examples
    rows = [found.row for found in library.register.figures(Ask()) if _is_plain(found.row)]
    after = {(row.document, row.sentence, n): row for n, row in enumerate(rows)}
    documents = {d.id: d for d in library.documents()}
    made = 0
    for n, row in draw.sample(list(enumerate(rows)), len(rows)):
        document = documents[row.document]
        if (
            made >= _MADE
            or document.year is None
            or row.year is None
            or not 0 <= document.year - row.year <= 1
        ):
            continue
        beside = after.get((row.document, row.sentence, n + 1)) if draw.random() < _PAIRED else None
        when = f"{row.year}年" + ("计划" if row.kind is FigureKind.TARGET else "")
        told = [_named(one, library, words, draw) for one in (row, beside) if one is not None]
        claim = f"{row.place or '全国'}{when}" + "，".join(told)
        desk = desk_of(library, f"{claim}，对吗", ())
        said = [without_places(one, names_of(desk)) for one in assertions(claim)]
        if len(said) != len(told):
            continue
        facts = claim_facts(claim_lines(claim, desk))
        for one, of in zip(said, (row, beside), strict=False):
            held = [fact for fact in facts if may_be(one, fact)]
            labels = [
                float(
                    of is not None
                    and f.line.document.id == of.document
                    and f.line.start + f.start == of.start
                )
                for f in held
            ]
            if any(labels):
                made += 1
                features, near = fact_rows(one, held, setting_of(desk))
                yield ClaimExample(
                    document.source, one, tuple(held), features, tuple(near), np.array(labels), _LESS
                )


def _is_plain(row: FigureRow) -> bool:
    kinds = (FigureKind.DONE, FigureKind.TARGET, FigureKind.COMPARISON)
    return row.kind in kinds and bool(row.unit) and _NAMES[0] <= len(row.metric) <= _NAMES[1]


def _named(row: FigureRow, library: Library, words: Lexicon, draw: Random) -> str:
    """Return a row's thing, under another name where there is one, with its figure as printed."""
    own = fold(row.metric)
    names = [name for name in variants(own, words) if name != own]
    text = library.document(row.document)
    assert text is not None  # the register's rows are of documents held
    return f"{draw.choice(names) if names else own}{text.text[row.start : row.end]}"


def fit_choice(made: Sequence[ClaimExample]) -> LinearFit:
    """Return the weights that put the right facts first."""
    return fit_listwise(
        [(one.rows, one.labels) for one in made], penalty=_PENALTY, worth=[one.worth for one in made]
    )


def fit_meant(made: Sequence[ClaimExample], chosen: LinearFit) -> LinearFit:
    """Return the weights that tell whether the first fact is meant, or first without the right ones."""
    rows, labels, worth = [], [], []
    for one in made:
        for keep in (np.ones(len(one.labels), bool), one.labels == 0):
            if not keep.any():
                continue
            found, right = ranked(one, chosen, keep)
            rows.append(fit_signals(found))
            labels.append(float(right))
            worth.append(one.worth if right else _BEREFT * one.worth)
    return fit_odds(np.array(rows), np.array(labels), np.array(worth), penalty=_ODDS_PENALTY)


def ranked(one: ClaimExample, chosen: LinearFit, keep: Array) -> tuple[FactFit, bool]:
    """Return the facts of an example that are kept, ranked, and whether the first is right."""
    scores = chosen.of(one.rows)
    order = [n for n in np.argsort(-scores) if keep[n]]
    found = FactFit(
        facts=tuple(one.facts[n] for n in order),
        scores=tuple(float(scores[n]) for n in order),
        rows=one.rows[order],
        whole=tuple(one.near[n] for n in order),
    )
    return found, bool(one.labels[order[0]])


def report(made: Sequence[ClaimExample]) -> None:
    """Print how often the first fact is the right one, and how well that is told, documents held out."""
    groups = {name: n % _FOLDS for n, name in enumerate(sorted({one.group for one in made}))}
    hits: list[tuple[bool, ClaimExample]] = []
    meant: list[tuple[float, bool]] = []
    for fold_ in range(_FOLDS):
        train = [one for one in made if groups[one.group] != fold_]
        chosen = fit_choice(train)
        odds = fit_meant(train, chosen)
        for one in (x for x in made if groups[x.group] == fold_):
            found, right = ranked(one, chosen, np.ones(len(one.labels), bool))
            if one.labels.any():
                hits.append((right, one))
            meant.append((float(odds.of(np.array([fit_signals(found)]))[0]), right))
            if one.labels.any() and (one.labels == 0).any():
                out, _ = ranked(one, chosen, one.labels == 0)
                meant.append((float(odds.of(np.array([fit_signals(out)]))[0]), False))
    for worth in (1.0, _LESS):
        own = [hit for hit, one in hits if one.worth == worth]
        print(f"first fact right: {sum(own) / max(1, len(own)):.3f} of {len(own)} (worth {worth})")
    told = sum((odds > 0) == label for odds, label in meant)
    print(f"meant told right: {told / len(meant):.3f} of {len(meant)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
