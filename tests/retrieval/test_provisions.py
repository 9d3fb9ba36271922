"""Provisions: articles, paragraphs and items stand at their offsets, and a sanction is joined to its act."""

from __future__ import annotations

from decimal import Decimal

from retrieval.provisions import Reference, StageKind, read_graph, references

TEXT = """# 青禾市湖岸管理条例

2021年3月1日 青禾市人民代表大会常务委员会通过

## 第一章 总则

第一条 为了保护湖岸，制定本条例。

第二条 本条例所称湖岸，是指湖泊水位线向外五十米以内的陆地。

## 第二章 行为规范

第三条 在湖岸禁止下列行为：

乱倒残渣；

（二）擅自搭建棚屋；

（三）在芦苇丛中生火。

因抢险需要的，不受前款第二项限制。

第四条 摊主应当在收摊后一小时内清理场地，不得占用栈道。经营许可由湖岸管理机构核发。

## 第三章 法律责任

第五条 违反本条例第三条第一款第一项、第三项规定的，由湖岸管理机构责令改正，处五十元以上二百元以下罚款；拒不改正的，处二百元以上一千元以下罚款。

第六条 违反本条例第三条规定，擅自搭建棚屋的，由城管部门责令拆除；对个人处一千元罚款，对单位处一万元以下罚款。

第七条 摊主有下列行为之一的，由湖岸管理机构给予警告，可以并处三百元以下罚款：

（一）收摊后未清理场地的；

（二）占用栈道的。

第八条 本条例自2021年6月1日起施行。
"""  # noqa: E501 - an article is one line


def test_every_provision_stands_at_its_offsets() -> None:
    """Proves that articles, items and sentences are slices of the text, an unnumbered item too."""
    bylaw = read_graph(TEXT).bylaw
    assert [a.numeral for a in bylaw.articles] == list(range(1, 9))
    assert bylaw.complete
    third = bylaw.article(3)
    assert third is not None
    assert [p.numeral for p in third.paragraphs] == [1, 2]
    assert [(i.numeral, i.of(TEXT)) for i in third.paragraphs[0].items] == [
        (1, "乱倒残渣；"),
        (2, "（二）擅自搭建棚屋；"),
        (3, "（三）在芦苇丛中生火。"),
    ]


def test_a_sanction_is_joined_to_the_items_it_refers_to() -> None:
    """Proves that 第一项、第三项 means these two items and not the one between them."""
    graph = read_graph(TEXT)
    fifth = [c for c in graph.consequences if c.source.article.numeral == 5]
    assert [d.of(TEXT) for c in fifth for d in c.duties] == ["乱倒残渣；", "（三）在芦苇丛中生火。"]
    first, refused = fifth[0].sanction.stages
    assert (first.kind, first.authority) == (StageKind.FIRST, "湖岸管理机构")
    assert [(a.low, a.high) for a in first.amounts] == [(Decimal(50), Decimal(200))]
    assert refused.kind is StageKind.REFUSED
    assert [(a.low, a.high) for a in refused.amounts] == [(Decimal(200), Decimal(1000))]


def test_an_act_that_is_a_second_penalty_is_a_repeated_one() -> None:
    """Proves that who has been punished before is told apart from the act alone, as an act of its own."""
    text = "第一条 出借垂钓证的，由水务部门暂扣；因违反渔业法规被两次处罚的，由水务部门吊销垂钓证。"
    told = {c.sanction.act.of(text): c.sanction.repeated(text) for c in read_graph(text).consequences}
    assert told == {"出借垂钓证的": False, "因违反渔业法规被两次处罚的": True}


def test_an_act_told_by_its_article_alone_has_its_sanction() -> None:
    """Proves that a breach of an article is an act also where no words of its own end it."""
    text = "第一条 不得在栈道垂钓。\n\n第二条 违反本条例第一条规定，由水务部门责令改正，处五十元罚款。"
    found = read_graph(text).consequences
    assert [one.sanction.act.of(text) for one in found] == ["违反本条例第一条规定"]
    assert [duty.of(text) for one in found for duty in one.duties] == ["不得在栈道垂钓。"]


def test_person_and_unit_are_told_apart() -> None:
    """Proves that a fine keeps the one it is set for."""
    (sixth,) = [c for c in read_graph(TEXT).consequences if c.source.article.numeral == 6]
    amounts = [a for s in sixth.sanction.stages for a in s.amounts]
    assert [(a.subject, a.high) for a in amounts] == [("个人", Decimal(1000)), ("单位", Decimal(10000))]


def test_a_listed_act_finds_the_duty_that_reads_alike() -> None:
    """Proves that an act that names no provision is joined to the norm it breaks."""
    seventh = [c for c in read_graph(TEXT).consequences if c.source.article.numeral == 7]
    assert [c.act.of(TEXT) for c in seventh] == ["（一）收摊后未清理场地的；", "（二）占用栈道的。"]
    assert all(c.duties[0].article.numeral == 4 for c in seventh)
    assert all(c.head is not None for c in seventh)


def test_a_text_that_stops_early_is_not_complete() -> None:
    """Proves that a by-law without its last article counts as cut off."""
    assert not read_graph(TEXT[: TEXT.index("第七条")]).bylaw.complete


def test_references_inherit_what_they_leave_out() -> None:
    """Proves how chains, ranges, 前款 and other laws' articles are read."""
    assert references("违反第九条第一款第二项、第四项和第十一条规定", article=20, paragraph=1) == (
        Reference(article=9, paragraph=1, item=2),
        Reference(article=9, paragraph=1, item=4),
        Reference(article=11),
    )
    assert references("违反第一至三项规定", article=20, paragraph=1, base=Reference(article=8)) == tuple(
        Reference(article=8, item=n) for n in (1, 2, 3)
    )
    assert references("有前款行为的", article=5, paragraph=3) == (Reference(article=5, paragraph=2),)
    assert references("违反本条第二款规定", article=6, paragraph=3) == (Reference(article=6, paragraph=2),)
    assert references("依照《水法》第七十条处罚", article=6, paragraph=1) == ()
