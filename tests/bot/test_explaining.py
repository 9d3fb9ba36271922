"""How an answer came about, as a person reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from town import SENTENCES, Town

from answering.question.intent import Intent
from answering.values import errors
from answering.values.answer import Answer, Language
from answering.values.trace import Call, Frame, Judged, SecondVote, Seen, Trace, Verdict
from bot.messages import messages
from bot.presentation.explanation import MOST_HITS, explain
from bot.presentation.rendering import plain

HANS = messages(Language.HANS)
TRACE = Trace(
    frames=(
        Frame(
            text="清河市停车泊位有多少个？",
            intent="lookup",
            want="figure 个 处 座 家",
            places=("清河市",),
            years=(2021,),
            rewritten=True,
        ),
    ),
    hits=(
        Seen(
            passage="abcdefgh23-pppppp01",
            place="清河市",
            year=2021,
            score=0.8731,
            dense=0.91,
            words=0.62,
            text=SENTENCES[1] * 3,
        ),
        Seen(passage="abcdefgh23-pppppp02", place=None, year=None, score=0.2, text=SENTENCES[2]),
    ),
    judged=(
        Judged(text="新建停车泊位321个。", cited=(1, 3), second=SecondVote.DOUBTS),
        Judged(text="新建停车泊位400个。", cited=(1,), verdict=Verdict.FIGURE, why="400个"),
        Judged(text="材料没有写到收费。", verdict=Verdict.SILENT, attempt=2),
    ),
    calls=(
        Call(
            purpose="answer",
            model="qwen",
            prompt="answer.zh@1f0c2d",
            prompt_tokens=1234,
            completion_tokens=56,
            first=0.84,
            seconds=3.21,
        ),
        Call(purpose="repair", model="qwen", counted="cl100k", error="ModelSlow", seconds=30.0),
    ),
    way="model",
)


@pytest.fixture
def answer() -> Answer:
    quoted = Town().quoting("那停车呢？", SENTENCES[1])
    return replace(quoted, trace=TRACE, seconds={"frame": 0.003, "total": 1.5, "search": 0.0251, "odd": 1.0})


def test_everything_that_is_recorded_is_told_in_words(answer: Answer) -> None:
    assert plain(explain(answer, HANS)).splitlines() == [
        "这条回答由模型写成，每一句都先由程序对着原文核过。",
        "",
        "对问题的理解",
        "- 清河市停车泊位有多少个？（由模型接着上文改写）",
        "问的是一件事；要的是一个数字（个/处/座）；地方：清河市；年份：2021",
        "",
        "找到的段落",
        f"1. 清河市 2021 合计 0.873、意思 0.910、字词 0.620 {(SENTENCES[1] * 3)[:39]}…",
        f"2. （不分地区） 合计 0.200 {SENTENCES[2]}",
        "",
        "模型写的句子",
        "✓ 新建停车泊位321个。 (1)(3) — 核过，留下；另一个模型：有疑问（只作参考）",
        "✗ 新建停车泊位400个。 (1) — 数字与所引原文不符，已舍弃：400个",
        "○ 材料没有写到收费。 — 模型说材料里没有写（重写的一轮）",
        "",
        "调用模型",
        "- 作答 · qwen · answer.zh@1f0c2d · 读1234、写56 token · 0.8秒出第一个字 · 共3.2秒",
        "- 重写 · qwen · 读0、写0 token · 按 cl100k 估算 · 共30.0秒 · 未成功：等太久没有回音",
        "",
        "用时",
        "读问题 3毫秒；检索 25毫秒；odd 1,000毫秒；全程 1,500毫秒",
    ]


def test_what_there_is_no_record_of_is_left_out() -> None:
    answer = Town().quoting("停车呢？", SENTENCES[1])
    assert plain(explain(answer, HANS)) == "这条回答由程序从原文里摘取、计算而成，没有使用模型。"


def test_that_words_alone_found_it_is_told(answer: Answer) -> None:
    blind = tuple(replace(hit, dense=None) for hit in TRACE.hits)
    told = plain(explain(replace(answer, trace=replace(TRACE, hits=blind)), HANS))
    assert "只按词语找到" in told
    assert "只按词语找到" not in plain(explain(answer, HANS))


def test_a_cached_answer_is_told_to_be_one(answer: Answer) -> None:
    cached = replace(answer, trace=replace(TRACE, cached=True))
    assert "取自缓存" in explain(cached, HANS)[0].text


def test_of_many_hits_the_best_are_listed_and_the_others_counted(answer: Answer) -> None:
    many = replace(answer, trace=replace(TRACE, hits=TRACE.hits * MOST_HITS))
    told = plain(explain(many, HANS))
    assert f"另有{MOST_HITS}段没有列出。" in told
    assert f"{MOST_HITS + 1}. " not in told


@pytest.mark.parametrize("language", list(Language))
def test_every_verdict_intent_and_error_has_words_in_every_language(language: Language) -> None:
    said = messages(language)
    failures = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ModelError)
    ]
    wanted = {
        *(f"why_verdict_{one.value}" for one in Verdict),
        *(f"why_second_{one.value}" for one in SecondVote if one.value),
        *(f"why_intent_{one.value}" for one in Intent),
        *(f"why_error_{one.__name__.lower()}" for one in failures if one is not errors.ModelError),
        *(f"why_way_{way}" for way in ("code", "model", "both", "stopped")),
    }
    assert wanted <= set(said.texts)


@pytest.mark.parametrize("language", list(Language))
def test_it_reads_well_in_every_language(answer: Answer, language: Language) -> None:
    told = plain(explain(answer, messages(language)))
    assert "why_" not in told
    assert "qwen" in told
