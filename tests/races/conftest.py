"""Threads that buy at the same moment, each with its own connection."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from loyalty_project.core import tenancy
from loyalty_project.core.errors import LoyaltyError
from tests.redemptions.codes import make_code


@pytest.fixture
def at_once(project):
    """`at_once([f, g])`: what each returned, or the LoyaltyError that it raised."""

    def run(jobs):
        start = threading.Barrier(len(jobs))

        def one(job):
            try:
                with tenancy.scope(project):
                    start.wait(timeout=10)
                    return job()
            except LoyaltyError as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(one, jobs))

    return run


@pytest.fixture
def code(in_project):
    """`code("ONCE", limit=1)`: a code that takes 5.00 off."""
    return lambda name, **values: make_code(in_project, name, **values)


@pytest.fixture
def paused(monkeypatch):
    """`paused(module, name)`: an event that the function sets when it is through, then it waits."""

    def pause(module, name, seconds=0.5):
        inside = threading.Event()
        original = getattr(module, name)

        def slow(*args, **kwargs):
            result = original(*args, **kwargs)
            inside.set()
            threading.Event().wait(seconds)
            return result

        monkeypatch.setattr(module, name, slow)
        return inside

    return pause
