"""Every invariant of a project as a finding of a run."""

from collections.abc import Iterator

from loyalty_project.core.models import Project
from redemptions.management.proving.findings import Finding
from redemptions.queries.invariants import INVARIANTS, breaches


def check(project: Project) -> Iterator[Finding]:
    """Every invariant, with the first rows that break it."""
    for invariant in INVARIANTS:
        wrong = breaches(project, invariant, most=3)
        yield Finding(invariant.said, not wrong, "; ".join(wrong) or "0 rows")
