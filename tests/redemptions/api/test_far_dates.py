"""Dates at the ends of the calendar in metadata: an answer, never an error of the server."""

import pytest

from tests.redemptions.codes import make_code
from tests.redemptions.terms import ruled

pytestmark = pytest.mark.django_db

CONDITIONS = [
    {"$timeframe": ["2025-06-01T12:00:00Z;P1D;PT1H"]},
    {"$timeframe_daily_hours": ["22:00;02:00;1,2"]},
    {"$dow": [5]},
    {"$more_than_future": [10]},
    {"$is_days_ago": [10]},
    {"$is": ["9999-12-31T23:59:59Z"]},
    {"$after": ["9999-12-31T23:59:59Z"]},
    {"$before": ["0001-01-01"]},
]
DATES = ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01", "0001-01-01T00:00:00+12:00"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_are_answered_and_explained(in_project, api, zone):
    in_project.timezone = zone
    in_project.save()
    for number, conditions in enumerate(CONDITIONS):
        name = f"C{number}"
        ruled(make_code(in_project, name), ("order.metadata", "on", conditions))
        language = ["en", "fa", "tr", "ar"][number % 4]
        for on in DATES:
            body = {
                "redeemables": [{"object": "voucher", "id": name}],
                "order": {"amount": 2000, "metadata": {"on": on}},
                "options": {"explain": True, "language": language},
            }
            answer = api.post("/v1/validations", body).json()
            lists = (answer.get("redeemables", ()), answer.get("inapplicable_redeemables", ()))
            (one,) = [one for found in lists for one in found]
            assert one["explain"]["sentence"]
