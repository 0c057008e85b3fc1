"""Usage counters: the facts of limits, and the guard of them.

A counter is the sum of what redemptions of its scope and period say, kept in a row so that it can
be a condition of the statement that uses it up. A row that is not there yet is made from the
redemptions when it is first needed, also for a limit that is added to a running campaign.
"""

from redemptions.usage.keys import key_of, place
from redemptions.usage.reading import Counts, read
from redemptions.usage.statements import consume, turnstiles
from redemptions.usage.undoing import begin, give_back

__all__ = ["Counts", "begin", "consume", "give_back", "key_of", "place", "read", "turnstiles"]
