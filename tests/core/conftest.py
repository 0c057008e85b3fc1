import pytest

from tests import receiver


@pytest.fixture
def here(settings):
    """A Receiver on this machine, which may be called."""
    settings.WEBHOOK_ALLOW_PRIVATE = settings.WEBHOOK_ALLOW_HTTP = True
    with receiver.listening() as found:
        yield found
