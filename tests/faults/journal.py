"""What the clients asked for and what they were told, a line for each, written as it happens."""

import json
import threading
from dataclasses import asdict, dataclass, replace

INVOKE, OK, REFUSED, UNKNOWN = "invoke", "ok", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a client under its Idempotency-Key, and how it stands.

    `of` is the code that is redeemed, or the redemption that is taken back; `made` the id of what
    was made, once it is acknowledged.
    """

    key: str
    do: str
    of: str
    path: str
    body: dict
    state: str = INVOKE
    made: str = ""


class Journal:
    """Lines in a file; the last line of a key is how its write ended."""

    def __init__(self, file):
        self.file = file
        self._lock = threading.Lock()
        self._out = file.open("w")

    def note(self, write, state, made=""):
        """Write a line, which is in the file when this returns."""
        written = replace(write, state=state, made=made)
        with self._lock:
            self._out.write(json.dumps(asdict(written)) + "\n")
            self._out.flush()
        return written

    def close(self):
        self._out.close()

    def writes(self):
        """Each write as it ended, in the order in which they began."""
        return last(Write(**json.loads(line)) for line in self.file.read_text().splitlines())


def last(lines):
    """The last line of each key."""
    return list({write.key: write for write in lines}.values())
