"""The few words of our own that stand around quotations, in the language of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.answer import Language
from retrieval.text.normalize import name_in_traditional

if TYPE_CHECKING:
    from retrieval.places.gazetteer import Gazetteer

_PHRASES: dict[str, tuple[str, str, str]] = {
    "title": ("题目", "題目", "Title"),
    "occasion": ("发言场合", "發言場合", "Occasion"),
    "parts": ("分{count}个部分", "分{count}個部分", "{count} parts"),
    "chapters": ("共{count}章", "共{count}章", "{count} chapters"),
    "holds": ("收录的地方：{places}", "收錄的地方：{places}", "Places held: {places}"),
    "speaker": ("发言人", "發言人", "Speaker"),
    "date": ("时间", "時間", "Date"),
    "silent": ("所收材料没有提到", "所收材料沒有提到", "the texts at hand do not say"),
    "each_place": (
        "你没有说是哪里。写到这一点的有{count}个地方，要细看哪一个，回地名就行：",
        "你沒有說是哪裏。寫到這一點的有{count}個地方，要細看哪一個，回地名就行：",
        "You did not say where. {count} places tell of it; answer with a place's name to look closer:",
    ),
    "places_of": (
        "{places}等{count}个地方",
        "{places}等{count}個地方",
        "{places} and others, {count} places in all",
    ),
    "mention": ("提到的有：{places}", "提到的有：{places}", "Mentioned by: {places}"),
    "mentioned": (
        "共{count}个地方提到：{places}",
        "共{count}個地方提到：{places}",
        "{count} places mention it: {places}",
    ),
    "roughly": (
        "按原文的约数粗算，{op}约{value}{unit}（{figures}）",
        "按原文的約數粗算，{op}約{value}{unit}（{figures}）",
        "Roughly, going by the inexact figures of the texts, {op} about {value} ({unit}): {figures}",
    ),
    "op_sum": ("合计", "合計", "together"),
    "op_difference": ("相差", "相差", "a difference of"),
    "most": ("{place}最多（{figure}）", "{place}最多（{figure}）", "{place} has the most ({figure})"),
    "least": ("{place}最少（{figure}）", "{place}最少（{figure}）", "{place} has the least ({figure})"),
    "highest": ("{place}最高（{figure}）", "{place}最高（{figure}）", "{place} has the highest ({figure})"),
    "lowest": ("{place}最低（{figure}）", "{place}最低（{figure}）", "{place} has the lowest ({figure})"),
    "more": ("{place}更多", "{place}更多", "{place} has more"),
    "equal": ("两者相同：{figure}", "兩者相同：{figure}", "Both are the same: {figure}"),
    "difference": (
        "相差{value}{unit}（{figures}）",
        "相差{value}{unit}（{figures}）",
        "The difference is {value} ({unit}): {figures}",
    ),
    "sum": (
        "合计{value}{unit}（{figures}）",
        "合計{value}{unit}（{figures}）",
        "Together {value} ({unit}): {figures}",
    ),
    "average": (
        "平均{value}{unit}（{figures}）",
        "平均{value}{unit}（{figures}）",
        "On average {value} ({unit}): {figures}",
    ),
    "op_average": ("平均", "平均", "on average"),
    "parts_below": ("各部分见下", "各部分見下", "the parts are below"),
    "ranking": ("从高到低：{order}", "從高到低：{order}", "From the highest to the lowest: {order}"),
    "ranking_up": ("从低到高：{order}", "從低到高：{order}", "From the lowest to the highest: {order}"),
    "silent_places": (
        "所收材料没有提到的：{places}",
        "所收材料沒有提到的：{places}",
        "The texts at hand do not say it of: {places}",
    ),
    "no_figure": (
        "提到但没有给出这个数的：{places}",
        "提到但沒有給出這個數的：{places}",
        "Mentioned without this figure by: {places}",
    ),
    "other_name": (
        "名称不同，不算入变化：{names}",
        "名稱不同，不算入變化：{names}",
        "Under another name, and left out of the change: {names}",
    ),
    "reports_of": ("{years}年的报告", "{years}年的報告", "the reports of {years}"),
    "appended": (
        "后附“{title}”，共{count}条",
        "後附「{title}」，共{count}條",
        "Appended: “{title}”, {count} entries",
    ),
    "led_report": ("{place}（{year}年报告）", "{place}（{year}年報告）", "{place}, {year} report"),
    "told_otherwise": (
        "这些材料说法不一，请按日期取用",
        "這些材料說法不一，請按日期取用",
        "These texts tell it differently; mind their dates",
    ),
    "led_target": (
        "{place}（{year}年报告，目标）",
        "{place}（{year}年報告，目標）",
        "{place}, {year} report, target",
    ),
    "more_items": ("还有{count}项", "還有{count}項", "{count} more"),
    "planned": ("（这是目标或计划）", "（這是目標或計劃）", " (a target or plan)"),
    "aimed": (
        "这是目标，不是已达到的数",
        "這是目標，不是已達到的數",
        "This is aimed at, and not yet reached",
    ),
    "times_differ": (
        "各数所指的年份不同，比较时请留意",
        "各數所指的年份不同，比較時請留意",
        "Mind that these figures are of different years",
    ),
    "silent_years": (
        "所收的其他年份的报告没有提到",
        "所收的其他年份的報告沒有提到",
        "The reports of other years at hand do not say it",
    ),
    "why_unit": (
        "统计口径不同，未列入比较：{figures}（单位不同）",
        "統計口徑不同，未列入比較：{figures}（單位不同）",
        "Left out, for it is counted in another unit and can't be compared: {figures}",
    ),
    "why_added": (
        "统计口径不同，未列入比较：{figures}（是新增的数，不是总数）",
        "統計口徑不同，未列入比較：{figures}（是新增的數，不是總數）",
        "Left out, for it tells what was added and not all that there is: {figures}",
    ),
    "why_whole": (
        "统计口径不同，未列入比较：{figures}（是总数，不是新增的数）",
        "統計口徑不同，未列入比較：{figures}（是總數，不是新增的數）",
        "Left out, for it tells all that there is and not what was added: {figures}",
    ),
    "why_year": (
        "年份不同，未列入比较：{figures}",
        "年份不同，未列入比較：{figures}",
        "Left out, for it is of another year: {figures}",
    ),
    "why_level": (
        "行政层级不同，未列入比较：{figures}",
        "行政層級不同，未列入比較：{figures}",
        "Left out, for the place is of another level: {figures}",
    ),
    "why_aimed": (
        "统计口径不同，未列入比较：{figures}（是目标，不是已达到的数）",
        "統計口徑不同，未列入比較：{figures}（是目標，不是已達到的數）",
        "Left out, for it is aimed at and not reached: {figures}",
    ),
    "why_reached": (
        "统计口径不同，未列入比较：{figures}（是已达到的数，不是目标）",
        "統計口徑不同，未列入比較：{figures}（是已達到的數，不是目標）",
        "Left out, for it is reached and not aimed at: {figures}",
    ),
    "conflict": (
        "{place}的几处说法不一样，并列如下",
        "{place}的幾處說法不一樣，並列如下",
        "The texts of {place} differ; each is given below",
    ),
    "counted": ("共{count}项", "共{count}項", "{count} items"),
    "fitting": (
        "符合的有{count}个：{places}",
        "符合的有{count}個：{places}",
        "{count} fit: {places}",
    ),
    "not_fitting": ("不符合的：{figures}", "不符合的：{figures}", "Those that do not: {figures}"),
    "yes": ("是的", "是的", "Yes"),
    "no": ("不是", "不是", "No"),
    "not_yet": ("还没有，只是计划或在建", "還沒有，只是計劃或在建", "Not yet: it is planned or under way"),
    "not_wholly": ("不完全是", "不完全是", "Not wholly"),
    "said": ("提到了", "提到了", "Yes, it says so"),
    "may": ("可以", "可以", "Yes, that is allowed"),
    "may_not": ("不可以", "不可以", "No, that is not allowed"),
    "alike": ("一样", "一樣", "Both say the same"),
    "unlike": ("不一样", "不一樣", "They differ"),
    "course_up": ("逐年上升：{figures}", "逐年上升：{figures}", "Rising from year to year: {figures}"),
    "course_down": ("逐年下降：{figures}", "逐年下降：{figures}", "Falling from year to year: {figures}"),
    "course_mixed": ("有升有降：{figures}", "有升有降：{figures}", "Up and down: {figures}"),
    "course_flat": ("各年相同：{figures}", "各年相同：{figures}", "The same every year: {figures}"),
    "rose": (
        "增加{value}{unit}（{figures}）",
        "增加{value}{unit}（{figures}）",
        "Up by {value} ({unit}): {figures}",
    ),
    "fell": (
        "减少{value}{unit}（{figures}）",
        "減少{value}{unit}（{figures}）",
        "Down by {value} ({unit}): {figures}",
    ),
    "apart": (
        "统计口径不同（{figures}），不能直接比较",
        "統計口徑不同（{figures}），不能直接比較",
        "these are counted in different units ({figures}) and can't be compared",
    ),
    "otherwise": (
        "另有口径不同、没有计入的：{figures}",
        "另有口徑不同、沒有計入的：{figures}",
        "counted otherwise and left out: {figures}",
    ),
    "promise_target": ("{year}年目标", "{year}年目標", "Target for {year}"),
    "promise_result": ("{year}年报告的结果", "{year}年報告的結果", "Result, as reported in {year}"),
    "promise_other": ("另一处的说法（{title}）", "另一處的說法（{title}）", "Told otherwise ({title})"),
    "promise_beside": (
        "同时的经济增长（{title}）",
        "同時的經濟增長（{title}）",
        "The economy's growth ({title})",
    ),
    "promise_met": ("做到了", "做到了", "The target was met"),
    "promise_exceeded": ("超过了目标", "超過了目標", "The target was exceeded"),
    "promise_short": ("没有达到目标", "沒有達到目標", "The target was missed"),
    "promise_not_comparable": (
        "口径不同，不能直接说做到没有",
        "口徑不同，不能直接說做到沒有",
        "Counted otherwise: whether it was met can't be said directly",
    ),
    "promise_not_told": ("没有写到结果", "沒有寫到結果", "The result is not told"),
    "promise_untold": (
        "后来的报告没有写到{year}年的结果",
        "後來的報告沒有寫到{year}年的結果",
        "The later reports at hand do not tell the result for {year}",
    ),
    "promise_no_target": ("没有定目标", "沒有定目標", "No target was set"),
    "promise_note_other_span": (
        "结果是几年合计（如五年），不是这一年的，无法判断",
        "結果是幾年合計（如五年），不是這一年的，無法判斷",
        "The result is of several years, so this year can't be judged",
    ),
    "promise_note_in_words": (
        "结果没有给出数字，无法对照",
        "結果沒有給出數字，無法對照",
        "The result is told without a figure, so the two can't be compared",
    ),
    "promise_note_other_unit": (
        "结果用的单位不同，无法直接比较",
        "結果用的單位不同，無法直接比較",
        "The result is in another unit and can't be compared directly",
    ),
    "promise_rest": ("另一部分（{title}）", "另一部分（{title}）", "Another part of it ({title})"),
    "promise_note_in_part": (
        "只写到了其中一部分的结果，不能说全部做到没有",
        "只寫到了其中一部分的結果，不能說全部做到沒有",
        "Only a part of it is told of, so the whole can't be judged",
    ),
    "promise_note_level_and_growth_differ": (
        "总量没有达到，增速达到了",
        "總量沒有達到，增速達到了",
        "The level was missed, the growth was reached",
    ),
    "promise_count": ("{count}项{state}", "{count}項{state}", "{count}: {state}"),
    "promise_counts": ("{count}项目标：{states}", "{count}項目標：{states}", "{count} targets; {states}"),
    "corrected": (
        "原文为{found}，不是{asked}",
        "原文為{found}，不是{asked}",
        "The text says {found}, not {asked}",
    ),
    "claim_true": ("属实。原文：{quote}", "屬實。原文：{quote}", "True. The text says: {quote}"),
    "claim_false": (
        "与原文不符。原文是：{quote}",
        "與原文不符。原文是：{quote}",
        "Not what the text says. It says: {quote}",
    ),
    "claim_partly": (
        "部分属实。原文：{quote}",
        "部分屬實。原文：{quote}",
        "Partly true. The text says: {quote}",
    ),
    "claim_point": ("第{number}点{told}", "第{number}點{told}", "{number}. {told}"),
    "claim_unknown": (
        "第{number}点，现有材料没有写到。",
        "第{number}點，現有材料沒有寫到。",
        "{number}. The texts held do not say.",
    ),
    "confirmed": ("属实，原文写的是{found}", "屬實，原文寫的是{found}", "True: the text says {found}"),
}
_ORDER = (Language.HANS, Language.HANT, Language.EN)


def phrase(key: str, language: Language, **values: object) -> str:
    """Return the phrase ``key`` in ``language``, filled in; an unknown key or name is an error."""
    return _PHRASES[key][_ORDER.index(language)].format(**values)


def join(items: tuple[str, ...], language: Language) -> str:
    """Return ``items`` as a list within a sentence."""
    return (", " if language is Language.EN else "、").join(items)


def place_name(name: str | None, language: Language, gazetteer: Gazetteer) -> str:
    """Return a place as a person would call it in ``language``; an empty string for no place."""
    if not name:
        return ""
    if language is Language.EN:
        return f"{gazetteer.english(name)} ({name})"
    if language is Language.HANT:
        # Of places that no list names, nobody knows whether their 谷 is a 穀.
        known = gazetteer.resolve(name)
        return name_in_traditional(name, surely=known is not None and known.name == name)
    return name


def in_quotes(words: str, language: Language) -> str:
    """Return words of a text in quotation marks; those that hold some of their own do without others."""
    opened, closed = ("「", "」") if language is Language.HANT else ("“", "”")
    return words if any(mark in words for mark in "“”「」") else f"{opened}{words}{closed}"
