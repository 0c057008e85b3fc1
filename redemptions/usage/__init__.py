"""Usage counters: the facts of limits, and the guard of them.

A counter is the sum of what redemptions of its scope and period say, kept in a row so that it can
be a condition of the statement that uses it up. A row that is not there yet is made from the
redemptions when it is first needed, also for a limit that is added to a running campaign.
"""

from redemptions.usage.holds import (
    NOTHING,
    Expired,
    Own,
    Session,
    expired,
    gone,
    lock,
    of,
    own,
    session_name,
)
from redemptions.usage.holds import take as take_holds
from redemptions.usage.keys import key_of, place, turnstile_of
from redemptions.usage.possible import channel, counters_of, kept
from redemptions.usage.reading import Counts, read
from redemptions.usage.statements import Names, Room, consume, hold, release
from redemptions.usage.turnstiles import attempt, names_of, names_to_make, take
from redemptions.usage.undoing import begin, give_back, give_back_parts

__all__ = [
    "NOTHING",
    "Counts",
    "Expired",
    "Names",
    "Own",
    "Room",
    "Session",
    "attempt",
    "begin",
    "channel",
    "consume",
    "counters_of",
    "expired",
    "give_back",
    "give_back_parts",
    "gone",
    "hold",
    "kept",
    "key_of",
    "lock",
    "names_of",
    "names_to_make",
    "of",
    "own",
    "place",
    "read",
    "release",
    "session_name",
    "take",
    "take_holds",
    "turnstile_of",
]
