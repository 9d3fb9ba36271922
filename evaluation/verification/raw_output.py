"""Record what a chat model writes, unproved, from numbered evidence of the texts that ship.

``python -m evaluation.verification.raw_output URL MODEL`` asks each question of ``sentences/asked.jsonl`` and adds its raw
output to ``sentences/raw.jsonl``; what is recorded already is not asked again.
"""

from __future__ import annotations

import json
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from answering.evidence.context import known_of
from answering.evidence.lines import Line, lines
from answering.lexicon.thesaurus import load
from answering.question.parser import read
from answering.values.answer import Language
from evaluation.datasets.material import ROOT, rows
from retrieval.library import Library
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCES = ROOT / "evaluation" / "sentences"
_CHARACTERS = 560  # of evidence to one question
_SHORT = 14  # characters: 一是巩固和拓展创城成果 says nothing by itself
_SEEN = 12  # passages looked through
_TOKENS = 170  # written at most

_STRICT = {
    "zh": "你根据编号的资料回答问题。每句话末尾用方括号写出所依据的资料编号，例如[2]。数字、名称照抄。只写资料里有的内容；资料没有提到的，就说“资料没有提到”。先给结论，再分点。",
    "en": "Answer the question in English from the numbered evidence only. End every sentence with the number of the evidence it rests on, such as [2]. Copy figures exactly. If the evidence does not tell, say so.",
    "hant": "請用繁體中文，根據編號的資料回答問題。每句話末尾用方括號寫出所依據的資料編號，例如[2]。數字、名稱照抄。資料沒有提到的，就說「資料沒有提到」。",
}
_LOOSE = "你是城市工作的专家。请参考编号的资料，用自己的话充分回答问题，每句话末尾标注编号，例如[2]，语言要生动，有概括、有评价、有结论。"
_PLAIN = "你根据编号的资料，用自己的话简短回答问题，不要照抄整句。每句话末尾用方括号写出所依据的资料编号，例如[2]。数字照抄，资料没有的不写。"
_TABLE = (
    "你根据编号的资料回答问题。请用Markdown表格或列表作答，每行末尾用方括号写出所依据的资料编号，例如[2]。"
)
_ANSWERS = {
    "zh": "绿洲市主要做了两件事：\n- 清理河道淤泥350余万立方米，新建步道86公里。[1]\n- 开通“护水热线”，受理诉求4000余件。[2]",
    "en": "Green City removed more than 3.5 million cubic metres of silt and built 86 km of walkways. [1] It opened a hotline that took more than 4,000 requests. [2]",
    "hant": "綠洲市清理河道淤泥350餘萬立方米，新建步道86公里。[1]另外開通「護水熱線」，受理訴求4000餘件。[2]",
    "loose": "绿洲市治水有硬功夫：河道淤泥清掉350余万立方米，86公里步道沿河铺开。[1]百姓的声音也有人听，“护水热线”接了4000余件诉求，治水因此更贴民心。[2]",
    "plain": "绿洲市清理的河道淤泥有350余万立方米，还修了86公里步道。[1]居民可以打“护水热线”，已受理诉求4000余件。[2]",
    "table": "| 做法 | 数字 |\n|---|---|\n| 清理河道淤泥 | 350余万立方米[1] |\n| 新建步道 | 86公里[1] |\n| 护水热线受理诉求 | 4000余件[2] |",
}
_EXAMPLE = "资料：\n[1]（绿洲市，2019年）全市清理河道淤泥350余万立方米，新建步道86公里。\n[2]（绿洲市，2019年）开通“护水热线”，受理诉求4000余件。\n\n问题：绿洲市怎么治水？"


def evidence(question: str, library: Library, *, anywhere: bool = False, most: int = 99) -> list[Line]:
    """Return the sentences that a question is put with, in the order of their texts."""
    frame = read(question, known=known_of(library))
    places = () if anywhere else frame.places
    query = f"{question} {load().translate(question)}" if frame.language is Language.EN else question
    found = lines(library.find(query, k=_SEEN, filter=Filter(places=places)))
    kept: list[Line] = []
    for line in found:
        if (
            sum(len(x.text) for x in kept) + len(line.text) <= _CHARACTERS
            and len(line.text) > _SHORT
            and not line.is_heading
        ):
            kept.append(line)
    return sorted(kept[:most], key=lambda x: (x.document.place or "", x.start))


def messages(question: str, given: Sequence[Line], style: str) -> list[dict[str, str]]:
    """Return what is said to the model: its task, an example, the evidence and the question."""
    system = {**_STRICT, "loose": _LOOSE, "table": _TABLE, "plain": _PLAIN}[style]
    shown = "\n".join(
        f"[{n}]（{x.document.place}，{x.document.year}年）{x.text}" for n, x in enumerate(given, 1)
    )
    example = [{"role": "user", "content": _EXAMPLE}, {"role": "assistant", "content": _ANSWERS[style]}]
    asked = {"role": "user", "content": f"资料：\n{shown}\n\n问题：{question}"}
    return [{"role": "system", "content": system}, *example, asked]


def write(said: list[dict[str, str]], url: str, model: str, temperature: float) -> str:
    """Return what the model at ``url`` answers; raises OSError or KeyError when it does not."""
    address = urlsplit(url)
    body = {"model": model, "messages": said, "temperature": temperature, "max_tokens": _TOKENS, "seed": 7}
    server = HTTPConnection(address.hostname or "", address.port, timeout=300)
    path = f"{address.path}/chat/completions"
    server.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    reply: dict[str, Any] = json.loads(server.getresponse().read())
    server.close()
    return str(reply["choices"][0]["message"]["content"])


def main(url: str, model: str) -> None:
    """Ask what has not been asked yet, and keep each answer as soon as it is there."""
    kept = SENTENCES / "raw.jsonl"
    done = {row["id"] for row in rows(kept)} if kept.exists() else set()
    with (
        tempfile.TemporaryDirectory() as home,
        kept.open("a", encoding="utf-8") as out,
        Library.open(Path(home), embedder=None, write=True) as library,
    ):
        library.ingest(sorted((ROOT / "corpus").glob("[a-z]*.md")))
        for row in rows(SENTENCES / "asked.jsonl"):
            if row["id"] not in done:
                out.write(json.dumps(_record(row, library, url, model), ensure_ascii=False) + "\n")
                out.flush()


def _record(row: dict[str, Any], library: Library, url: str, model: str) -> dict[str, Any]:
    given = evidence(row["question"], library, anywhere=row.get("anywhere", False), most=row.get("most", 99))
    raw = write(messages(row["question"], given, row["style"]), url, model, row["temperature"])
    shown = [{"place": x.document.place, "start": x.start} for x in given]
    return {**row, "evidence": shown, "raw": raw}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
