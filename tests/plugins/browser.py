"""Chromium for tests marked `browser`, where there is one.

Without one they are left out, loudly; with REQUIRE_BROWSER=1 the run ends at once instead.
"""

import os
import shutil
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# As root there is no sandbox; and nothing may call home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOUD = "Chromium is missing: THE BROWSER TESTS WERE LEFT OUT (apt-get install chromium)"


def executable():
    """Path of a Chromium of this machine, or None."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MACOS) if MACOS.exists() else None)


def pytest_configure():
    if os.environ.get("REQUIRE_BROWSER") == "1" and not executable():
        message = "Chromium is missing and REQUIRE_BROWSER=1"
        raise pytest.UsageError(message)


def pytest_collection_modifyitems(config, items):
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if not wanting or executable():
        return
    items[:] = [item for item in items if item not in wanting]
    config.hook.pytest_deselected(items=wanting)


def pytest_terminal_summary(terminalreporter):
    if not executable():
        terminalreporter.section(LOUD, sep="*", red=True, bold=True)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the run, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, where Django would refuse to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A page in a context of its own; `page.context` opens more."""
    context = browser.new_context(locale="en-US", timezone_id="UTC")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()
