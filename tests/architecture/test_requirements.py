"""Every row that the documentation promises has a test that shows it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
MARK = re.compile(r"mark\.requirement\(([\d,\s]+)\)")


def rows(text):
    return {int(number) for number in ROW.findall(text)}


def marked(text):
    return {int(number) for found in MARK.findall(text) for number in found.split(",")}


def test_promised_rows_have_marked_tests():
    promised = rows((ROOT / "docs" / "requirements.md").read_text())
    shown = set()
    for file in (ROOT / "tests").rglob("*.py"):
        shown |= marked(file.read_text())

    assert promised
    assert promised - shown == set()


def test_the_check_reads_rows_and_marks():
    assert rows("| 16 | one public code |\n| row | x |") == {16}
    assert marked("@pytest.mark.requirement(93, 94)") == {93, 94}
