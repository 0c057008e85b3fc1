"""The settings of an installation for a server with the one view of `bare`."""

from loyalty_project import settings as installation

globals().update({name: value for name, value in vars(installation).items() if name.isupper()})
MIDDLEWARE = []
ROOT_URLCONF = "tests.benchmarks.bare"
