"""The lexicon's data are well formed, and its look-ups agree with one another."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answering.lexicon.relevance import strength, terms
from answering.lexicon.thesaurus import DATA, SHARED, Lexicon, load, rows
from retrieval.text.normalize import fold

THESAURUS = sorted(DATA.glob("thesaurus_*.tsv"))
GROUPS = [row for path in THESAURUS for row in rows(path)]
WORDS = sorted({word.rstrip(SHARED) for row in GROUPS for word in row})
TOPICS = list(rows(DATA / "topics.tsv"))
UNITS = list(rows(DATA / "units.tsv"))

words = st.sampled_from(WORDS)
fillers = st.text(alphabet="的在把，。、 x0（）", max_size=3)


def official(text: str) -> list[str]:
    lexicon = load()
    return [lexicon.groups[match.group_id].official for match in lexicon.groups_in(text)]


class TestData:
    def test_breadth_of_the_thesaurus(self) -> None:
        """The thesaurus has the breadth that questions about any city need."""
        assert len(GROUPS) >= 700
        assert len(WORDS) >= 3500

    def test_each_group_joins_different_words(self) -> None:
        """No group has an empty, doubled, padded or single word."""
        for row in GROUPS:
            assert len(row) >= 2, row
            assert len(set(row)) == len(row), row
            assert all(word and word == word.strip() for word in row), row

    def test_words_are_kept_folded(self) -> None:
        """Loading need not fold, because each word is stored as fold leaves it."""
        stored = [
            *WORDS,
            *(field for row in [*TOPICS, *UNITS] for field in row[:2]),
            *(row[0] for row in rows(DATA / "plain.tsv")),
        ]
        assert [word for word in stored if fold(word) != word] == []

    def test_only_marked_words_stand_in_several_groups(self) -> None:
        """A word is marked as shared exactly when several groups hold it."""
        times = Counter(word.rstrip(SHARED) for row in GROUPS for word in row)
        marked = {word.rstrip(SHARED) for row in GROUPS for word in row if word.endswith(SHARED)}
        assert {word for word, count in times.items() if count > 1} == marked

    def test_plain_words_are_no_members_of_groups(self) -> None:
        """A word that means nothing to the thesaurus is not one of its words, and stands once."""
        plain = [row[0] for row in rows(DATA / "plain.tsv")]
        assert len(set(plain)) == len(plain)
        assert set(plain).isdisjoint(WORDS)

    def test_topics_are_broad_and_not_doubled(self) -> None:
        """Each of 60 topics or more has 10 to 40 words, and a way to name it belongs to it alone."""
        assert len(TOPICS) >= 60
        for _, *belonging in TOPICS:
            assert 10 <= len(belonging) <= 40
            assert len(set(belonging)) == len(belonging)
        assert all(way for ways, *_ in TOPICS for way in ways.split("|"))

    def test_ways_of_asking_mean_one_kind(self) -> None:
        """No way of asking stands for two kinds of answer."""
        ways = Counter(way for _, asked, *_ in UNITS for way in asked.split("|"))
        assert [way for way, count in ways.items() if count > 1 or not way] == []


class TestExpand:
    @given(words, words)
    @settings(max_examples=100, deadline=None)
    def test_meaning_the_same_is_mutual(self, one: str, other: str) -> None:
        """If a word expands to another, the other expands to it."""
        lexicon = load()
        assert (other in lexicon.expand(one)) == (one in lexicon.expand(other))
        assert all(one in lexicon.expand(same) for same in lexicon.expand(one))

    def test_everyday_words_reach_official_ones(self) -> None:
        """The words of a citizen lead to those of a report, in either script and in English."""
        lexicon = load()
        assert "电动自行车" in lexicon.expand("电瓶车")
        assert "电动自行车" in lexicon.expand("電瓶車")
        assert "停车泊位" in lexicon.expand("Parking Spaces")
        assert "地区生产总值" in lexicon.expand("GDP")

    def test_an_unknown_word_expands_to_itself(self) -> None:
        """A word that the lexicon does not know stands for itself alone."""
        assert load().expand("Ｑwerty瓜") == frozenset({"qwerty瓜"})


class TestGroupsIn:
    @given(st.lists(st.tuples(fillers, words), max_size=6))
    @settings(max_examples=100, deadline=None)
    def test_matches_stand_where_they_say(self, pieces: list[tuple[str, str]]) -> None:
        """Each match is a slice of the text, in order, and different spans never overlap."""
        text = "".join(filler + word for filler, word in pieces)
        matches = load().groups_in(text)
        assert all(text[match.start : match.end] == match.surface for match in matches)
        spans = list(dict.fromkeys((match.start, match.end) for match in matches))
        assert spans == sorted(spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))

    @given(words)
    @settings(max_examples=100, deadline=None)
    def test_every_word_is_found_alone(self, word: str) -> None:
        """A text that is one word of the lexicon is found whole, in a group that holds it."""
        lexicon = load()
        matches = lexicon.groups_in(word)
        assert {match.surface for match in matches} == {word}
        assert all(word in lexicon.groups[match.group_id].words for match in matches)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("全市民生实事", ["全市", "民生实事"]),
            ("這座城市民生怎樣", ["民生"]),
            ("各种花草植物", []),
            ("How many parking spaces were added?", ["数量", "停车位", "新增"]),
            ("renovated old residential areas", ["改造", "老旧小区"]),
            ("The city’s libraries carried on", ["图书馆"]),
            ("ＧＤＰ增长", ["经济增长"]),
            ("参照系", []),
        ],
    )
    def test_words_are_cut_where_a_reader_cuts_them(self, text: str, expected: list[str]) -> None:
        """Whole words are found, not pieces of their neighbours; English ones in any inflection."""
        assert official(text) == expected

    def test_a_shared_word_comes_once_for_each_group(self) -> None:
        """A word that stands in two groups is reported for both."""
        lexicon = Lexicon([("条例", "办法*"), ("措施", "办法*")])
        assert [match.group_id for match in lexicon.groups_in("办法")] == [0, 1]

    def test_a_plain_word_hides_what_crosses_its_bounds(self) -> None:
        """A known word without meaning keeps its characters from being part of another word."""
        assert Lexicon([("种了", "栽种")], plain=["各种"]).groups_in("各种了不起") == ()
        assert len(Lexicon([("种了", "栽种")]).groups_in("各种了不起")) == 1


class TestTranslate:
    def test_official_terms_come_first(self) -> None:
        """The Chinese of an English question leads with the term that official texts use."""
        chinese = load().translate("What is the forest coverage rate?").split()
        assert chinese[0] == "森林覆盖率"
        assert len(chinese) > 1

    @given(st.text(alphabet="qxzvk ?", max_size=30))
    @settings(max_examples=50, deadline=None)
    def test_nothing_known_gives_nothing(self, text: str) -> None:
        """A text without a known term has no translation."""
        assert load().translate(text) == ""


class TestTopicsAndWanted:
    def test_a_topic_is_found_by_its_everyday_name(self) -> None:
        """A question that names a topic loosely gets the words that belong to it."""
        (topic,) = load().topics_in("绿化这块有哪些动作")
        assert topic.name == "绿化"
        assert "公园" in topic.words

    @pytest.mark.parametrize(
        ("question", "kind", "unit"),
        [
            ("一共花了多少钱？", "money", None),
            ("How much money was spent?", "money", None),
            ("改造了几条？", "count", "条"),
            ("覆盖多少平方公里", "area", "平方公里"),
            ("占了幾成", "share", "成"),
            ("哪一年评上的", "date", None),
            ("多少名志愿者", "people", "名"),
            ("哪家公司建的", "company", None),
        ],
    )
    def test_what_is_wanted(self, question: str, kind: str, unit: str | None) -> None:
        """A way of asking tells the kind of answer, and the unit where it names one."""
        assert [(wanted.kind, wanted.unit) for wanted in load().wanted_in(question)] == [(kind, unit)]

    def test_a_statement_asks_for_nothing(self) -> None:
        """A text that asks for no figure wants no kind of answer."""
        assert load().wanted_in("绿化做得不错") == ()


def test_a_change_told_apart_from_its_thing_is_the_change() -> None:
    """GDP增长 is told by 国内生产总值…，同比增长, and not by the growth of what else the sentence names."""
    term = terms("gdp增长", load(), lambda grams: dict.fromkeys(grams, 0.0)).all[0]
    assert strength(term, "国内生产总值达到41万亿元,同比增长6%") > strength(
        term, "地区生产总值41万亿元,出口和进口都有增长"
    )
