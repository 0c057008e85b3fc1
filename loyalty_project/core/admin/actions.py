"""What app admins use to act on objects: `button`, `confirmed` and the kill switch."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import locks
from loyalty_project.core.admin.buttons import PageButtons, button
from loyalty_project.core.admin.confirming import confirmed, error_text, progress_url
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import AsyncAction

__all__ = ["KillSwitch", "button", "confirmed", "error_text", "progress_url"]

AT_ONCE = 100


class Switch(Protocol):
    """Calls the service that switches `obj`."""

    def __call__(self, request: HttpRequest, obj: Any, *, on: bool) -> None: ...


class KillSwitch(PageButtons):
    """Enable and disable, on the list and on the page, for people with `switch_permission`."""

    switch: Switch
    switch_field = "active"
    switch_permission = "change"

    def switch_effects(
        self, request: HttpRequest, queryset: QuerySet[Any], *, on: bool
    ) -> list[str]:
        """What will happen, in sentences with numbers."""
        del request, queryset, on
        return []

    def switch_in_background(
        self, request: HttpRequest, queryset: QuerySet[Any], *, on: bool
    ) -> AsyncAction | None:
        """Start the work for more than AT_ONCE objects; None to do it in the request."""
        del request, queryset, on
        return None

    def may_act(self, request: HttpRequest, permission: str, obj: Any = None) -> bool:
        asked = self.switch_permission if permission == "switch" else permission
        return super().may_act(request, asked, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.may_act(request, "switch"):
            actions.update((name, self.get_action(name)) for name in ("enable", "disable"))
        return actions

    def get_button_names(self, obj: Any) -> Sequence[str]:
        switch = "turn_off" if getattr(obj, self.switch_field) else "turn_on"
        return [*super().get_button_names(obj), switch]

    @button(_("Enable"), icon="power", permission="switch", confirm=True)
    def turn_on(self, request: HttpRequest, obj: Any, data: dict[str, Any]) -> str:
        del data
        self.switch(request, obj, on=True)
        return gettext("Enabled.")

    def turn_on_effects(self, request: HttpRequest, obj: Any) -> list[str]:
        return self.switch_effects(request, self._only(request, obj), on=True)

    @button(_("Disable"), icon="power-off", permission="switch", confirm=True, danger=True)
    def turn_off(self, request: HttpRequest, obj: Any, data: dict[str, Any]) -> str:
        del data
        self.switch(request, obj, on=False)
        return gettext("Disabled.")

    def turn_off_effects(self, request: HttpRequest, obj: Any) -> list[str]:
        return self.switch_effects(request, self._only(request, obj), on=False)

    def _only(self, request: HttpRequest, obj: Any) -> QuerySet[Any]:
        return self.get_queryset(request).filter(pk=obj.pk)

    @confirmed(_("Enable"), permission="switch")
    def enable(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return self._switch_all(request, queryset, on=True)

    def enable_effects(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return self.switch_effects(request, queryset, on=True)

    @confirmed(_("Disable"), permission="switch", danger=True)
    def disable(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return self._switch_all(request, queryset, on=False)

    def disable_effects(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return self.switch_effects(request, queryset, on=False)

    def _switch_all(self, request: HttpRequest, queryset: QuerySet[Any], *, on: bool) -> Any:
        to_change = queryset.filter(**{self.switch_field: not on})
        if to_change.count() > AT_ONCE:
            action = self.switch_in_background(request, to_change, on=on)
            if action is not None:
                return action
        done = 0
        for obj in to_change:
            try:
                with locks.waiting():
                    self.switch(request, obj, on=on)
            except LoyaltyError as error:
                self.message_user(request, f"{obj}: {error_text(error)}", messages.ERROR)
            else:
                done += 1
        if on:
            return ngettext("%(n)s enabled.", "%(n)s enabled.", done) % {"n": done}
        return ngettext("%(n)s disabled.", "%(n)s disabled.", done) % {"n": done}
