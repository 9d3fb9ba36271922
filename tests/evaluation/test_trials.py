"""A trial counts as found what holds the answer, in the right text, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from evaluation.datasets.material import LookupQuestion, ReportQuestion, SharedMaterial
from evaluation.harness import trials
from evaluation.harness.retrievers import RetrievedPassage
from evaluation.reporting.shared_scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCORER = """
def named(forms, answer):
    return any(form in answer for form in forms)
"""


@dataclass(frozen=True)
class Fixed:
    """A finder that always finds the same."""

    found: tuple[RetrievedPassage, ...]
    name: str = "fixed"

    def find(self, question: str, *, k: int) -> Sequence[RetrievedPassage]:
        return self.found[:k]


def fact(**given: object) -> ReportQuestion:
    told: dict[str, object] = {
        "id": "1",
        "question": "青禾市2030年的增长目标是多少？",
        "answers": ("5%左右",),
        "evidence": "全市增长5%左右",
        "title": "2030年青禾市政府工作报告",
        "place": "青禾市",
        "year": 2030,
        "kind": "answerable",
    }
    return ReportQuestion(**{**told, **given})  # type: ignore[arg-type]


def found(text: str, **given: object) -> RetrievedPassage:
    told: dict[str, object] = {
        "name": "2030年青禾市政府工作报告",
        "title": "报告",
        "place": "青禾市",
        "year": 2030,
    }
    return RetrievedPassage(text=text, **{**told, **given})  # type: ignore[arg-type]


def ranks(trial: trials.RetrievalTrial, *hits: RetrievedPassage) -> tuple[int | None, ...]:
    return trials.run(trial, Fixed(hits)).ranks


def test_cmrc_asks_for_a_hit_of_the_right_text() -> None:
    trial = trials.cmrc([LookupQuestion(id="1", question="？", right=frozenset({"B"}))])
    assert ranks(trial, RetrievedPassage(name="A", text="答案"), RetrievedPassage(name="B", text="别的")) == (
        2,
    )
    assert ranks(trial, RetrievedPassage(name="A", text="答案")) == (None,)


def test_gov_asks_for_the_answer_in_a_passage_of_the_right_report() -> None:
    trial = trials.gov([fact()])
    other = found("增长5%左右", name="2030年白沙市政府工作报告", place="白沙市")
    assert ranks(trial, other, found("没有"), found("全市增长 5%左右。")) == (3,)
    assert ranks(trial, other) == (None,)


def test_gov_does_not_take_a_longer_number_for_the_answer() -> None:
    assert not trials.holds("增长5.5%左右", ["5%左右"])
    assert not trials.holds("增长15%左右", ["5%左右"])
    assert trials.holds("增长5％左右", ["5%左右"])
    assert trials.holds("市长 李 明", ["李明"])


def test_the_strict_trial_asks_for_the_evidence() -> None:
    hit = found("居民收入增长5%左右")
    assert ranks(trials.gov([fact()]), hit) == (1,)
    assert ranks(trials.gov([fact()], strict=True), hit) == (None,)


def test_questions_without_an_answer_are_no_part_of_the_recall() -> None:
    assert trials.gov([fact(answers=(), kind="unanswerable_place_absent")]).queries == ()


@pytest.mark.parametrize(
    ("hit", "right"),
    [
        ({"place": "青禾市", "year": 2030, "title": "报告", "name": "x"}, True),
        ({"place": "青禾市", "year": 2029, "title": "报告", "name": "x"}, False),
        ({"place": "白沙市", "year": 2030, "title": "报告", "name": "x"}, False),
        ({"place": None, "year": None, "title": "", "name": "2030年青禾市政府工作报告"}, True),
        ({"place": None, "year": None, "title": "", "name": "2029年青禾市政府工作报告"}, False),
        ({"place": None, "year": None, "title": "2030年 青禾市政府工作报告", "name": "x"}, True),
    ],
)
def test_a_report_is_known_by_place_and_year_or_by_title(hit: dict[str, object], right: bool) -> None:
    assert trials.right_report(found("", **hit), fact()) is right


def test_a_national_report_speaks_for_no_place() -> None:
    national = fact(place="全国", title="2030年国务院政府工作报告")
    assert trials.right_report(found("", place=None, title="报告", name="x"), national)
    assert not trials.right_report(found("", place="青禾市", title="报告", name="x"), national)


def test_seed_asks_for_all_facts_in_the_hits_together(tmp_path: Path) -> None:
    script = tmp_path / "scorer.py"
    script.write_text(SCORER, encoding="utf-8")
    asked = [
        {"id": "1", "question": "？", "answerable": True, "facts": [["12条"], ["30"]], "history": []},
        {"id": "2", "question": "？", "answerable": False, "facts": [], "history": []},
        {
            "id": "3",
            "question": "呢？",
            "answerable": True,
            "facts": [["12条"]],
            "history": [{"role": "user"}],
        },
    ]
    trial = trials.seed(asked, Scorer.load(script))
    assert [query.id for query in trial.queries] == ["1"]
    assert ranks(trial, found("12条"), found("无"), found("30处")) == (3,)
    assert ranks(trial, found("12条"), found("无")) == (None,)


def test_the_budget_cuts_hits_off_where_it_ends() -> None:
    hits = [found("甲" * 6), found("乙" * 6), found("丙" * 6)]
    assert [one.text for one in trials.cut(hits, 8)] == ["甲" * 6, "乙" * 2]


def test_a_run_tells_what_was_found_within_the_budget() -> None:
    trial = trials.gov([fact()])
    late = found("字" * trials.BUDGET + "增长5%左右")
    run = trials.run(trial, Fixed((late,)))
    assert run.ranks == (1,)
    assert run.in_budget == (False,)
    assert run.chars == (len(late.text),)
    assert len(run.seconds) == 1


def test_every_answerable_question_on_reports_has_a_report(shared: Path) -> None:
    """Guards the measure itself: a question on a report without a title can be found by no other stack."""
    facts = SharedMaterial(folder=shared).facts()
    asked = [one for one in facts if one.answerable]
    assert len(asked) == 39
    assert all(one.title and one.evidence for one in asked)
