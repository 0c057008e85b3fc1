"""Roles are groups of Django's own; who changed what they allow is written down here."""

import simple_history
from django.contrib.auth.models import Group

from loyalty_project.core.models.history import platform_history

__all__ = ["Group"]

simple_history.register(
    Group,
    app="loyalty_project.core",
    records_class=platform_history,
    m2m_fields=["permissions"],
)
