"""``python -m evaluation.training.messages HOME``: fit how messages are read; report on held-out ones.

HOME is a home with the training documents, from whose passages the state that a question asks for is taken.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.question.message_classifier import Head, MessageClassifier, save
from answering.question.message_features import features, message
from evaluation.datasets.material import ROOT, SharedMaterial
from evaluation.training.evidence_states import EvidenceStates
from evaluation.training.learners.logistic import fit
from evaluation.training.messages.message_examples import Example, outlines, own, shared
from evaluation.training.messages.message_frames import framed
from retrieval import Library
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

HEADS = ("kind", "state", "scope", "follow", "extent")
TRAIN = ("train-facts", "train-rules", "train-talks", "train-claims")
DEV = ("talks-dev", "rules-dev", "figures-dev", "promises-dev")
KINDS = ROOT / "evaluation" / "questions" / "message-kinds.tsv"
FOLDS, _SEEN, _PENALTY = 3, 2, 3e-5
_KEPT = 0.02  # a feature whose weights are all nearer to nothing is left out
PROVENANCE = (
    "questions.tsv, outline_questions.tsv and message_frames.tsv of evaluation/training; shared sets "
    + ", ".join(TRAIN)
)


def train(home: Path, material: SharedMaterial) -> MessageClassifier:
    """Fit the classifiers on all training examples."""
    return _fitted(tuple(examples(home, material)))


def examples(
    home: Path, material: SharedMaterial, names: Sequence[str] = TRAIN, *, framing: bool = True
) -> Iterable[Example]:
    """Yield our own questions, filled frames and those of the shared training sets."""
    with Library.open(home, embedder=None) as library:
        yield from own()
        yield from outlines()
        if framing:
            yield from framed(library)
        yield from shared(material, EvidenceStates(library), *names)


def _fitted(known: Sequence[Example]) -> MessageClassifier:
    read = [_features(one) for one in known]
    counts: Counter[str] = Counter()
    for one, found in zip(known, read, strict=True):
        counts.update(dict.fromkeys(found, one.worth))
    names = sorted(name for name, count in counts.items() if count >= _SEEN)
    index = {name: n for n, name in enumerate(names)}
    heads = {}
    for head in HEADS:
        labelled = [(found, getattr(one, head), one.worth) for found, one in zip(read, known, strict=True)]
        heads[head] = _head([row for row in labelled if row[1]], index)
    return _pruned(index, heads)


def _head(labelled: Sequence[tuple[Mapping[str, float], str, float]], index: Mapping[str, int]) -> Head:
    classes = sorted({label for _, label, _ in labelled})
    numbers = np.array([classes.index(label) for _, label, _ in labelled], dtype=np.intp)
    rows = _matrix([found for found, _, _ in labelled], index)
    worths = np.array([worth for _, _, worth in labelled], dtype=np.float32)
    weights, bias = fit(rows, numbers, len(classes), penalty=_PENALTY, worths=worths)
    return Head(classes=tuple(classes), weights=weights, bias=bias)


def _pruned(index: Mapping[str, int], heads: Mapping[str, Head]) -> MessageClassifier:
    strength = np.max([np.abs(head.weights).max(axis=1) for head in heads.values()], axis=0)
    kept = np.flatnonzero(strength >= _KEPT)
    names = list(index)
    return MessageClassifier(
        index={names[row]: n for n, row in enumerate(kept)},
        heads={
            name: Head(classes=head.classes, weights=head.weights[kept], bias=head.bias)
            for name, head in heads.items()
        },
    )


def _matrix(found: Sequence[Mapping[str, float]], index: Mapping[str, int]) -> NDArray[np.float32]:
    rows = np.zeros((len(found), len(index)), dtype=np.float32)
    for n, one in enumerate(found):
        for name, value in one.items():
            if name in index:
                rows[n, index[name]] = value
    return rows


_GAZETTEER = Gazetteer()


def _features(one: Example) -> dict[str, float]:
    return features(message(one.text, _GAZETTEER, before=one.before))


def _held_out(known: Sequence[Example]) -> dict[str, list[tuple[str, str, float]]]:
    """Return the (label, class found, probability of the label) of each example, fitted without its group."""
    groups = sorted({one.group for one in known})
    fold = {group: n % FOLDS for n, group in enumerate(groups)}
    found: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for number in range(FOLDS):
        model = _fitted([one for one in known if fold[one.group] != number])
        left = [one for one in known if fold[one.group] == number and one.worth == 1.0]
        for head, told in _read(model, left).items():
            found[head] += told
    return found


def _read(model: MessageClassifier, known: Sequence[Example]) -> dict[str, list[tuple[str, str, float]]]:
    told: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for one in known:
        found = _features(one)
        for head in HEADS:
            if label := getattr(one, head):
                shares = model.probabilities(found, head)
                told[head].append((label, max(shares, key=shares.__getitem__), shares.get(label, 0.0)))
    return told


def _report(title: str, told: Mapping[str, Sequence[tuple[str, str, float]]]) -> None:
    for head, pairs in told.items():
        right = sum(label == best for label, best, _ in pairs)
        print(f"{title:10} {head:7} {right / len(pairs):.3f} of {len(pairs)}")
        wrong = Counter((label, best) for label, best, _ in pairs if label != best)
        print("    " + ", ".join(f"{label}→{best} {n}" for (label, best), n in wrong.most_common(8)))


def _report_kinds(model: MessageClassifier) -> None:
    """Print how often the likeliest kind is one that a reader would give, for questions only reported on."""
    told = [
        line.split("\t")
        for line in KINDS.read_text(encoding="utf-8").splitlines()
        if line[:1] not in ("", "#")
    ]
    right = 0
    for kinds, text in told:
        shares = model.probabilities(_features(Example(text=text)), "kind")
        right += max(shares, key=shares.__getitem__) in kinds.split("|")
    print(f"{'reported':10} kind    {right / len(told):.3f} of {len(told)}")


def _ours() -> int:
    return len(tuple(own())) + len(tuple(outlines()))


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out groups and on the dev sets, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home, material = Path(arguments[0]), SharedMaterial()
    known = tuple(examples(home, material))
    _report("held out", _held_out(known))
    model = _fitted(known)
    save(model, PROVENANCE)
    _report("dev", _read(model, tuple(examples(home, material, DEV, framing=False))[_ours() :]))
    _report_kinds(model)
    print(f"{len(model.index)} features")
    return 0
