"""What was cut down: by the cost of what is sold, or by what a limit leaves."""

from django.utils.translation import gettext as _

from campaigns.engine.protection import Capped
from campaigns.sentences.words import Words, number


def of_capped(capped: Capped, words: Words) -> str:
    """One sentence, with what is taken off and what would have been."""
    values = {"given": words.amount(capped.given), "wanted": words.amount(capped.wanted)}
    if capped.by == "limit":
        return _("%(given)s instead of %(wanted)s: no more is left of a limit.") % values
    if capped.index is None:
        return (
            _("%(given)s instead of %(wanted)s: nothing is sold below its cost and margin.")
            % values
        )
    text = _("Line %(n)s: %(given)s instead of %(wanted)s, not below its cost and margin.")
    return text % {**values, "n": number(capped.index + 1)}
