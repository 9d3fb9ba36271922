"""What weights are fitted with learns what is there to learn, and the weights that ship are such weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from evaluation.training import states
from evaluation.training.learners.listwise import fit_listwise, fit_odds
from evaluation.training.learners.sparse import MarkedText, fit_marks
from retrieval import Library

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = (
    "渔港码头已经建成了{}座",
    "顺利完成了{}条航道的疏浚",
    "成功引进了{}家渔业公司",
    "获评了{}个示范渔村",
)
PLANS = ("将要新建渔港码头{}座", "继续推进{}条航道的疏浚", "力争再引进{}家渔业公司", "着力打造{}个示范渔村")


def _report(year: int) -> str:
    done = "".join(f"{line.format(n + year % 7)}。" for n in range(3) for line in RESULTS)
    plan = "".join(f"{line.format(n + year % 5)}。" for n in range(3) for line in PLANS)
    return (
        f"# {year}年临海镇政府工作报告\n\n## 一、{year - 1}年工作回顾\n\n{done}\n\n"
        f"## 二、{year}年主要任务\n\n{plan}\n"
    )


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Give a library of four small reports, by words alone."""
    folder: Path = tmp_path_factory.mktemp("states")
    for year in (2021, 2022, 2023, 2024):
        (folder / f"{year}年临海镇政府工作报告.md").write_text(_report(year), "utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest(sorted(folder.glob("*.md")))
        yield library


def test_plans_are_told_from_results_by_their_words(reports: Library) -> None:
    """Proves that headings label the sentences, and that what is learned holds for a report left out."""
    given = list(states.labelled(reports))
    assert {one.label for _, one in given} == {0.0, 1.0}
    assert states.held_out(given) > 0.9
    fitted = states.fit([one for _, one in given])
    assert fitted.odds(("将要", "要新")) > 0 > fitted.odds(("建成", "成了"))


def test_labels_turned_round_turn_the_weights_round(reports: Library) -> None:
    given = [one for _, one in states.labelled(reports)]
    turned = [MarkedText(marks=one.marks, label=1 - one.label) for one in given]
    assert states.fit(turned).odds(("将要", "要新")) < 0


def test_a_mark_of_few_texts_has_no_weight() -> None:
    given = [MarkedText(marks=("甲", f"乙{n}"), label=float(n % 2)) for n in range(8)]
    assert set(fit_marks(given, least=4, penalty=0.01).weights) == {"甲"}


def test_a_heading_counts_by_what_questions_ask_for() -> None:
    """Proves that the worth of a heading is fitted: none where it says nothing of what was asked for."""
    rng = np.random.default_rng(3)
    words, head = rng.normal(size=200), rng.choice([-1.0, 1.0], size=200)
    found = np.stack([words, head], axis=1)
    told = states.heading_worth(found, (words + 3 * head > 0).astype(float))
    silent = states.heading_worth(found, (words > 0).astype(float))
    assert told > 1.5
    assert abs(silent) < 0.3


def test_a_listwise_fit_finds_what_puts_the_right_row_first() -> None:
    rng = np.random.default_rng(5)
    lists = []
    for _ in range(60):
        rows = rng.normal(size=(8, 3))
        lists.append((rows, np.eye(8)[int(np.argmax(rows[:, 1]))]))
    fitted = fit_listwise(lists[:40], penalty=0.001)
    right = [np.argmax(fitted.of(rows)) == np.argmax(labels) for rows, labels in lists[40:]]
    assert np.mean(right) > 0.9


def test_odds_are_of_the_label_and_heed_what_each_row_counts() -> None:
    rows = np.array([[0.0], [0.0], [1.0], [1.0]])
    labels = np.array([0.0, 1.0, 0.0, 1.0])
    fitted = fit_odds(rows, labels, np.array([9.0, 1.0, 1.0, 9.0]), penalty=1e-4)
    assert fitted.of(np.array([[0.0]]))[0] < -1
    assert fitted.of(np.array([[1.0]]))[0] > 1
