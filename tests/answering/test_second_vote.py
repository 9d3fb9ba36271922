"""A second model votes on what was proved, over real HTTP: advice that is put down and changes no answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import Script, fails, hangs, raw, say, serving
from writers import cites, writing

from answering import Answerer
from answering.llm.prompts import load
from answering.llm.second_vote import SecondVerifier
from answering.values.trace import SecondVote, Verdict

if TYPE_CHECKING:
    from chat_server import Body, Reply

    from answering import Answer
    from retrieval import Library

ESTATES = "宁波市改造了多少老旧小区？"
PROVED = cites("宁波市完成老旧小区改造75个{老旧小区改造75个}。")
PAIR = ("宁波市完成老旧小区改造75个。", "完成老旧小区改造75个，新增停车位2万个。")


def second(url: str, **more: Any) -> SecondVerifier:
    return SecondVerifier(**{"url": url, "prompt": load().get("vote", "zh"), "model": "v"} | more)


def classes(*scored: tuple[str, float], batch: bool = True) -> Script:
    told: Any = [{"label": label, "score": score} for label, score in scored]
    return raw(json.dumps([told] if batch else told).encode(), kind="application/json")


CLASSES = {
    "entailment": (classes(("entailment", 0.9), ("neutral", 0.1)), SecondVote.AGREES),
    "contradiction": (classes(("contradiction", 0.7), ("entailment", 0.3)), SecondVote.DOUBTS),
    "not entailed": (classes(("not_entailment", 0.8)), SecondVote.DOUBTS),
    "unsupported": (classes(("UNSUPPORTED", 0.8)), SecondVote.DOUBTS),
    "one pair, not a batch": (classes(("SUPPORTED", 0.8), batch=False), SecondVote.AGREES),
    "names that say nothing": (classes(("LABEL_1", 0.9)), SecondVote.AWAY),
    "no classes": (raw(b"[]", kind="application/json"), SecondVote.AWAY),
    "a page": (raw(b"<html></html>", kind="text/html"), SecondVote.AWAY),
    "an error": (fails(503), SecondVote.AWAY),
}
WORDS = {
    "yes": (say("是"), SecondVote.AGREES),
    "yes, in words": (say("Yes, the evidence says so."), SecondVote.AGREES),
    "no": (say("否。资料里是75个。"), SecondVote.DOUBTS),
    "does not support": (say("不支持"), SecondVote.DOUBTS),
    "after thinking": (say("<think>否？再看看。</think>\n是"), SecondVote.AGREES),
    "something else": (say("资料很多。"), SecondVote.AWAY),
    "nothing": (say(""), SecondVote.AWAY),
    "a refusal": (fails(401), SecondVote.AWAY),
    "no JSON": (raw(b"data: x", kind="text/plain"), SecondVote.AWAY),
}


@pytest.mark.parametrize(("reply", "vote"), CLASSES.values(), ids=CLASSES)
async def test_a_classifier_is_asked_for_the_pair(reply: Reply, vote: SecondVote) -> None:
    with serving(reply) as server:
        url = server.url.removesuffix("/v1") + "/predict"
        assert await second(url, api_key="vote-key").votes([PAIR]) == (vote,)
        asked = server.requests[0]
    assert asked.path == "/predict"
    assert asked.body["inputs"] == [[PAIR[1], PAIR[0]]]
    assert asked.headers["authorization"] == "Bearer vote-key"


@pytest.mark.parametrize(("reply", "vote"), WORDS.values(), ids=WORDS)
async def test_a_chat_server_is_asked_for_yes_or_no(reply: Reply, vote: SecondVote) -> None:
    with serving(reply) as server:
        assert await second(server.url.removesuffix("/v1")).votes([PAIR]) == (vote,)
        asked = server.requests[0]
    assert asked.path == "/v1/chat/completions"
    assert (asked.body["model"], asked.body["temperature"]) == ("v", 0)
    assert all(words in asked.said for words in PAIR)


async def test_each_pair_has_its_own_vote_and_nobody_is_waited_for_without_end() -> None:
    def of_its_sentence(body: Body) -> Reply:
        words = body["messages"][0]["content"]
        return hangs() if "甲句" in words else say("否" if "乙句" in words else "是")

    pairs = [("甲句", "据"), ("乙句", "据"), ("丙句", "据")]
    with serving(of_its_sentence) as server:
        votes = await second(server.url, timeout=3.0).votes(pairs)
    assert votes == (SecondVote.AWAY, SecondVote.DOUBTS, SecondVote.AGREES)
    assert await second("http://127.0.0.1:9/v1").votes([PAIR]) == (SecondVote.AWAY,)
    assert await second("http://127.0.0.1:9/v1").votes([]) == ()


async def answered(library: Library, reply: Reply, *votes: Reply) -> tuple[Answer, list[str]]:
    with writing(reply) as (writer, _), serving(*votes) as server:
        made = replace(writer, second=second(server.url))
        answer = await Answerer(library, made).answer(ESTATES)
        return answer, server.texts


async def test_doubts_are_put_down_and_the_sentence_stands(library: Library) -> None:
    alone, _ = await answered(library, PROVED, say("是"))
    doubted, asked = await answered(library, PROVED, say("否"))
    assert doubted.statements == alone.statements
    assert doubted.trace.way == "model"
    assert [one.second for one in alone.trace.judged] == [SecondVote.AGREES]
    assert [one.second for one in doubted.trace.judged] == [SecondVote.DOUBTS]
    assert "老旧小区改造75个" in asked[0]


async def test_no_vote_makes_a_proof_of_what_was_dropped(library: Library) -> None:
    lie = cites("宁波市完成老旧小区改造75个{老旧小区改造75个}。宁波市修建地铁60公里{改造75个}。")
    answer, asked = await answered(library, lie, say("是"))
    votes = {one.verdict is Verdict.KEPT: one.second for one in answer.trace.judged}
    assert votes == {True: SecondVote.AGREES, False: SecondVote.NONE}
    assert not any("地铁" in one for one in asked)
    assert not any("地铁" in one.text for one in answer.statements)
