"""The README's pictures: a chat, a page and a chart, drawn from the shipped texts by the program itself.

``python -m evaluation pictures [FOLDER]`` draws them again; they are looked at, not compared.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from answering.pipeline import Answerer
from bot.messages import messages
from bot.presentation.page_links import PageLinks
from bot.telegram.features.answers.answer_charts import painted
from bot.telegram.formatting import html, keyboards
from bot.telegram.views.proofs import proved
from evaluation.datasets.material import ROOT, SharedMaterial
from evaluation.harness.bench import PASSAGES, Bench
from evaluation.web.browser import browser
from evaluation.web.reader import served

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Answer
    from retrieval.library import Library

FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT, SCALE = 400, 720, 1.5  # of a phone, in CSS pixels, and how many pixels each is
ASKED = "吉林市一共清理了多少处野广告？"
DRAWN = ("各城市停车位排名", "各城市停车泊位排名", "四个城市各有多少志愿者？")
CHAT = """<!doctype html><meta charset="utf-8"><style>
body{margin:0;padding:14px 10px;background:#c9dcc5;font:15px/1.5 "Noto Sans CJK SC","Noto Sans SC",sans-serif}
.said,.asked{border-radius:14px;padding:8px 12px;margin:6px 0;background:#fff;width:fit-content;max-width:88%}
.asked{background:#e6fdd4;margin-left:auto}
blockquote{margin:6px 0;padding:5px 10px;border-left:3px solid #4a90d9;border-radius:5px}
blockquote{background:#eaf3fb;font-size:14px}
.shut{max-height:4.5em;overflow:hidden;position:relative}
.shut:after{content:"⌄";position:absolute;right:8px;bottom:0}
.row{display:flex;gap:4px;max-width:93%;margin:4px 0}
.row span{flex:1;background:#7f9b79;color:#fff;border-radius:8px;text-align:center}
.row span{padding:6px 3px;font-size:14px}
</style>"""


def chat(asked: str, answer: Answer, library: Library) -> str:
    """Return a page that shows a question and its answer as a phone does, the first passage unfolded."""
    told = "\n".join(html.messages(proved(library, answer)))
    told = told.replace("<blockquote expandable>", "<blockquote>", 1)
    told = told.replace("<blockquote expandable>", '<blockquote class="shut">')
    told = re.sub(r"\n?(</?blockquote[^>]*>)\n?", r"\1", told).replace("\n", "<br>")
    share = messages(answer.language).say("share_button")
    markup = keyboards.under("a", answer.citations, offers={}, share=share)
    rows = markup.inline_keyboard if markup else ()
    under = "".join(
        f'<div class="row">{"".join(f"<span>{one.text}</span>" for one in row)}</div>' for row in rows
    )
    return f'{CHAT}<div class="asked">{asked}</div><div class="said">{told}</div>{under}'


def draw(library: Library, folder: Path) -> tuple[str, ...]:
    """Draw the three pictures into a folder, and return their names."""
    answerer = Answerer(library)
    answer = answerer.answer_now(ASKED)
    charted = next(one for question in DRAWN if (one := answerer.answer_now(question)).chart)
    picture = painted(charted)
    assert picture is not None
    (folder / "chart.png").write_bytes(picture.png)
    cited = answer.citations[0]
    path = PageLinks().document(cited.document, cited=(cited.start, cited.end))
    with served(library) as address, browser() as started:
        context = started.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, locale="zh-CN"
        )
        page = context.new_page()
        page.set_viewport_size({"width": WIDTH, "height": 100})
        page.set_content(chat(ASKED, answer, library))
        page.screenshot(path=folder / "chat.png", full_page=True)
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(address + path)
        page.screenshot(path=folder / "page.png")
        context.close()
    return ("chat.png", "page.png", "chart.png")


def main(arguments: Sequence[str]) -> int:
    """Draw the pictures into the folder that is named, or into the one of the documentation."""
    parser = argparse.ArgumentParser(prog="python -m evaluation pictures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where they are drawn")
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chengwen-pictures-") as home:
        shared = SharedMaterial(folder=ROOT.parent / "shared")
        with Bench(shared, Path(home), passages=PASSAGES) as bench:
            names = draw(bench.library(bench.shipped()), folder)
    print("\n".join(f"{folder / name}" for name in names), file=sys.stdout)
    return 0
