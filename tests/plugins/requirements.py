"""Row of docs/requirements.md → tests that show it → result, with `--requirements`."""

import re
from collections import defaultdict
from pathlib import Path

PROPERTY = "requirement"
PROMISED = re.compile(r"^\| (\d+) \|", re.MULTILINE)
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "requirements.md"


def verdict(row, results):
    """A row that is not promised yet is at most calculated by the engine."""
    if "failed" in results or "error" in results or "passed" not in results:
        return "DOES NOT HOLD"
    promised = {int(number) for number in PROMISED.findall(DOCUMENT.read_text())}
    return "holds" if row in promised else "calculated, not promised yet"


def pytest_addoption(parser):
    parser.addoption(
        "--requirements",
        action="store_true",
        help="run only tests marked with a requirement, and list them by row",
    )


def pytest_collection_modifyitems(config, items):
    for item in items:
        for mark in item.iter_markers("requirement"):
            item.user_properties.extend((PROPERTY, row) for row in mark.args)
    if config.getoption("--requirements"):
        left_out = [item for item in items if not item.get_closest_marker("requirement")]
        items[:] = [item for item in items if item.get_closest_marker("requirement")]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter):
    if not terminalreporter.config.getoption("--requirements"):
        return
    rows = defaultdict(dict)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            for name, row in getattr(report, "user_properties", ()):
                if name == PROPERTY and (report.when == "call" or outcome != "passed"):
                    rows[row][report.nodeid] = outcome
    terminalreporter.section("requirements")
    for row, tests in sorted(rows.items()):
        terminalreporter.write_line(f"{row}: {verdict(row, set(tests.values()))}")
        for nodeid, outcome in sorted(tests.items()):
            terminalreporter.write_line(f"    {outcome:8} {nodeid}")
