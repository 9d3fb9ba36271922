"""What is refused by a document's name, size and bytes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering.values.answer import Language
from bot.messages import messages
from bot.telegram.admin.attachments import fault_of_content, fault_of_kind, fault_of_name, fault_of_size

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    "name",
    [
        "清河市2024年政府工作报告.docx",
        "2021.06.03 创建交流 (三).pdf",
        "Report v1.2 final.txt",
        "笔记.MD",
        "a.html",
    ],
)
def test_names_that_texts_have_are_taken(name):
    assert fault_of_name(name) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "upload_nameless"),
        ("../../etc/passwd.txt", "upload_name"),
        ("..\\boot.txt", "upload_name"),
        ("a\0b.txt", "upload_name"),
        ("报告\u202etxt.exe.pdf", "upload_name"),
        ("报\u200b告.txt", "upload_name"),
        (".hidden.txt", "upload_name"),
        ("-rf.txt", "upload_name"),
        ("C:报告.txt", "upload_name"),
        ("长" * 100 + ".txt", "upload_name"),
        ("报告", "upload_kind"),
        ("报告.zip", "upload_kind"),
        ("报告.exe", "upload_kind"),
        ("报告.docm", "upload_kind"),
        ("报告.exe.pdf", "upload_double"),
        ("报告.pdf.docx", "upload_double"),
        ("报告.js .txt", "upload_double"),
        ("报告.tar.gz.txt", "upload_double"),
    ],
)
def test_names_that_deceive_or_lead_elsewhere_are_not(name, key):
    fault = fault_of_name(name)
    assert fault is not None
    assert fault.key == key
    for language in Language:
        assert fault.told(messages(language))


@pytest.mark.parametrize(
    ("size", "megabytes", "key"),
    [(0, 20, "upload_empty"), (21 << 20, 20, "upload_large"), (1, 0, "upload_off"), (20 << 20, 20, None)],
)
def test_sizes_have_a_limit_and_none_is_none(size, megabytes, key):
    fault = fault_of_size(size, megabytes)
    assert (fault.key if fault else None) == key


def test_macros_and_content_of_another_kind_are_refused():
    assert fault_of_content(b"PK..word/vbaProject.bin..") is not None
    assert fault_of_content("一是建成公园12个。".encode()) is None
    assert fault_of_kind("报告.txt", "text/plain") is None
    assert fault_of_kind("报告.txt", "application/pdf") is not None
    assert fault_of_kind("报告.docx", DOCX) is None


@given(
    st.text(max_size=40) | st.text(alphabet="./\\\0\u202e a报", max_size=12).map(lambda name: f"{name}.txt")
)
def test_a_name_that_is_taken_stays_in_its_folder_and_shows_all_of_itself(name: str) -> None:
    if fault_of_name(name) is None:
        path = Path("folder") / name
        assert path.parent == Path("folder")
        assert path.name == name
        assert name.isprintable()
