"""How the amounts of the project at hand look."""

from loyalty_project.core import currencies, tenancy


def current() -> currencies.Look:
    """Of the open scope's project. Raises tenancy.NoProject outside of one."""
    return currencies.look_of(tenancy.current_project().currency)
