"""Each route tells what library and answerer hold, with offsets that prove it; errors are problems."""

from __future__ import annotations

import asyncio
import json
from time import monotonic
from urllib.parse import quote

import pytest
from api_counter import KEY, OTHER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.api.application import LARGEST

PROBLEM = "application/problem+json"


def told(answer, status=200):
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == PROBLEM
        assert {"type", "title", "status", "detail"} <= set(answer.json())
        assert answer.json()["status"] == status
    return answer.json()


def test_an_answer_comes_with_words_that_stand_where_it_says(counter):
    with counter.client() as client:
        answer = told(client.post("/ask", json={"question": "吉林市新施划了多少停车泊位？"}))
        assert answer["answered"] is True
        assert "5万个" in "".join(one["text"] for one in answer["statements"])
        cited = {one["number"] for one in answer["citations"]}
        assert all(set(one["citations"]) <= cited for one in answer["statements"])
        for one in answer["citations"]:
            text = told(client.get(f"/documents/{one['document']}"))["text"]
            assert text[one["start"] : one["end"]] == one["quote"]
            span = f"c={one['start']}-{one['end']}#cited"
            assert one["url"] == f"https://example.org/read/d/{one['document']}?{span}"


def test_what_the_texts_do_not_say_is_told_in_the_asked_language_and_cites_nothing(counter):
    with counter.client() as client:
        question = {"question": "吉林市去年发射了几颗卫星？", "language": "en"}
        answer = told(client.post("/ask", json=question))
    assert (answer["answered"], answer["citations"]) == (False, [])
    assert answer["message"].isascii() or "吉林市" in answer["message"]


def test_a_follow_up_is_understood_by_its_history(counter):
    history = [
        {"role": "user", "content": "吉林市新施划了多少停车泊位？"},
        {"role": "assistant", "content": "近5万个。"},
    ]
    with counter.client() as client:
        answer = told(client.post("/ask", json={"question": "那萍乡市呢？", "history": history}))
    assert {one["place"] for one in answer["citations"]} == {"萍乡市"}


def test_a_search_keeps_to_the_place_and_leads_to_passages_and_their_neighbours(counter):
    with counter.client() as client:
        hits = told(client.get("/search", params={"q": "停车", "place": "吉林", "k": 3}))["hits"]
        assert 0 < len(hits) <= 3
        assert {one["place"] for one in hits} == {"吉林市"}
        passage = told(client.get(f"/passages/{hits[0]['passage_id']}"))
        assert passage["text"] == hits[0]["text"]
        assert passage["document"]["place"] == "吉林市"
        near = passage["before"] or passage["after"]
        assert passage["id"] in [told(client.get(f"/passages/{near}"))[side] for side in ("before", "after")]


def test_documents_are_listed_in_stretches_and_tell_nothing_of_this_machine(counter):
    with counter.client() as client:
        first = told(client.get("/documents", params={"limit": 3}))
        rest = told(client.get("/documents", params={"limit": 3, "offset": 3}))
        assert first["count"] == 4
        assert len(first["documents"]) == 3
        assert len(rest["documents"]) == 1
        assert {one["source"] for one in first["documents"]} < {
            f"{name}.md" for name in ("jilin", "pingxiang", "taizhou", "yanan")
        }


def test_figures_are_filtered_as_at_the_terminal_and_stand_where_they_say(counter):
    with counter.client() as client:
        params = {"place": "吉林", "metric": "停车泊位", "limit": 5}
        figures = told(client.get("/figures", params=params))
        assert figures["count"] >= 1
        for one in figures["figures"]:
            text = told(client.get(f"/documents/{one['document']}"))["text"]
            assert text[one["start"] : one["end"]] == one["span"]
        assert "近5万个" in [one["span"] for one in figures["figures"]]
        every = told(client.get("/figures", params={"limit": 1}))
        assert every["count"] > 50
        assert len(every["figures"]) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/nothing", 404),
        ("/passages/nothing-here", 404),
        ("/passages/" + "x" * 65, 422),
        ("/search", 422),
        ("/search?q=a&k=1000", 422),
        ("/search?q=a&place=Atlantis", 400),
        ("/figures?kind=nothing", 400),
        ("/figures?field=nothing", 400),
        ("/figures?year=0", 422),
        ("/documents?limit=0", 422),
        ("/nowhere", 404),
        ("/ask", 405),
    ],
)
def test_what_can_not_be_used_is_told_as_a_problem(counter, path, status):
    with counter.client() as client:
        told(client.get(path), status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"question": ""}',
        b'{"question": 1}',
        b'{"question": "a", "more": 1}',
        b'{"question": "a", "language": "fr"}',
        b'{"question": "a", "history": [{"role": "system", "content": "x"}]}',
        b'{"question": "' + b"x" * 2001 + b'"}',
        b"\xff\xfe",
        b"[" * 30_000,
    ],
)
def test_a_question_that_is_none_is_a_problem(counter, body):
    with counter.client() as client:
        answer = client.post("/ask", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    told(answer, answer.status_code)


def test_a_request_may_not_be_large(counter):
    with counter.client() as client:
        body = json.dumps({"question": "a", "history": [{"role": "user", "content": "x"}] * 3000})
        assert len(body) > LARGEST
        told(client.post("/ask", content=body, headers={"Content-Type": "application/json"}), 413)


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY[:-1]])
def test_without_a_key_nothing_is_told(counter, key):
    with counter.client(key) as client:
        for path in ("/search?q=a", "/documents", "/figures", "/passages/a-b"):
            answer = client.get(path)
            told(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
        told(client.post("/ask", json={"question": "a"}), 401)


def test_a_key_in_other_letters_is_no_key(counter):
    with counter.client(None) as client:
        told(client.get("/documents", headers={"X-API-Key": "密钥".encode()}), 401)


def test_both_ways_to_give_a_key_serve(counter):
    with counter.client(None) as client:
        told(client.get("/documents", headers={"X-API-Key": OTHER}))
        told(client.get("/documents", headers={"Authorization": f"bearer {OTHER}"}))


def test_a_key_that_asks_too_often_waits_and_another_does_not(counter):
    counter.rate = 2
    with counter.client() as client:
        for _ in range(2):
            told(client.get("/documents"))
        late = client.get("/documents")
        told(late, 429)
        assert 1 <= int(late.headers["retry-after"]) <= 31
        told(client.get("/documents", headers={"Authorization": f"Bearer {OTHER}"}))


class Slow:
    async def answer(self, question, history=()):
        await asyncio.sleep(30)


class Broken:
    async def answer(self, question, history=()):
        raise RuntimeError("hunter2-hunter2")


def test_a_request_that_takes_too_long_is_ended(counter):
    counter.answerer, counter.given = Slow(), {"seconds": 0.2}
    with counter.client() as client:
        told(client.post("/ask", json={"question": "慢"}), 504)


def test_a_failure_is_told_by_its_number_alone(counter):
    counter.answerer = Broken()
    with counter.client() as client:
        problem = told(client.post("/ask", json={"question": "坏"}), 500)
    assert problem["id"] in problem["detail"]
    assert "hunter2" not in json.dumps(problem)


def test_the_openapi_document_tells_every_route_and_needs_no_key(counter):
    with counter.client(None) as client:
        document = client.get("/openapi.json").json()
    with counter.client() as client:
        assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
    paths = {"/ask", "/search", "/documents", "/documents/{name}", "/passages/{name}", "/figures"}
    assert set(document["paths"]) == paths
    assert "AnswerOut" in document["components"]["schemas"]
    assert document["servers"] == [{"url": "/api/v1"}]
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["security"]
            assert set(operation["responses"]) == {"200", "4XX", "5XX"}
            assert list(operation["responses"]["4XX"]["content"]) == [PROBLEM]


TEXTS = st.text(max_size=80)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/search", "/figures", "/documents", "/documents/{}", "/passages/{}"]),
    name=TEXTS,
    params=st.dictionaries(
        st.sampled_from(["q", "place", "year", "k", "limit", "offset", "kind", "metric", "unit"]),
        TEXTS,
        max_size=4,
    ),
)
def test_no_address_breaks_it(counter, path, name, params):
    with counter.client() as client:
        answer = client.get(path.format(quote(name.replace("/", ""), safe="") or "x"), params=params)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        told(answer, answer.status_code)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=VALUES | st.fixed_dictionaries({"question": TEXTS}, optional={"history": VALUES, "language": VALUES})
)
def test_no_question_breaks_it(counter, body):
    with counter.client() as client:
        answer = client.post("/ask", json=body)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert answer.json()["outcome"]


def test_nothing_of_a_request_is_looked_at_without_a_key(counter):
    """Neither a body that is no JSON nor an unknown route tells a stranger anything."""
    with counter.client(key=None) as client:
        told(client.post("/ask", content=b"{"), 401)
        told(client.get("/nowhere"), 401)


def test_answers_are_not_kept_by_anybody_between_and_no_address_is_built_from_what_the_client_says(counter):
    with counter.client() as client:
        listed = client.get("/documents")
        assert listed.headers["cache-control"] == "no-store"
        slash = client.get("/documents/", headers={"Host": "elsewhere.example"}, follow_redirects=False)
        assert (slash.status_code, "location" in slash.headers) == (404, False)


def test_who_tries_keys_waits_longer_each_time_and_a_right_key_never_does(counter):
    with counter.client(key="not a key") as client:
        began = monotonic()
        for _ in range(3):
            told(client.get("/documents"), 401)
        waited = monotonic() - began
        began = monotonic()
        told(client.get("/documents", headers={"Authorization": f"Bearer {KEY}"}))
        assert monotonic() - began < waited
    assert waited >= 0.1 + 0.2 + 0.4
