"""The settings of an installation for a server with the one view of `bare`."""

from loyalty_project.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "tests.benchmarks.bare"
