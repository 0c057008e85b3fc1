"""Leaves out the tests that read published files where those are missing, and says so."""

from tests.contract import published

LEFT_OUT = (
    f"The published OpenAPI files are not at {published.FOLDER.parent.name}/"
    f"{published.FOLDER.name} beside the checkout: THEIR EXAMPLES WERE LEFT OUT"
)


def pytest_ignore_collect(collection_path):
    if collection_path.name.startswith("test_published_re") and not published.available():
        return True
    return None


def pytest_terminal_summary(terminalreporter):
    if not published.available():
        terminalreporter.section(LEFT_OUT, sep="*")
