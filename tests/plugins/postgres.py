"""One throw-away PostgreSQL for the whole run, there before pytest-django reads the settings.

The process that starts the tests holds it; workers of pytest-xdist find it in `DATABASE_URL`.
Its files go when that process ends, also when it is killed.
"""

import os
from pathlib import Path
from tempfile import mkdtemp

import pytest

from loyalty_project.core import embedded
from loyalty_project.core.embedded import postgres

held = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    os.environ["WAFA_TESTING"] = "1"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)
    if not os.environ.get("DATABASE_URL"):
        directory = Path(mkdtemp(prefix="wafa-test-"))
        # The account of the server must be able to pass; its own files are closed to others.
        directory.chmod(0o711)
        held.append(postgres.join(directory, throw_away=True))
        os.environ["WAFA_DATA_DIR"] = str(directory)
        os.environ["DATABASE_URL"] = embedded.database_url(directory)
        os.environ.setdefault("CELERY_BROKER_URL", "memory://")
    return (yield)


def pytest_unconfigure():
    while held:
        held.pop().release()
