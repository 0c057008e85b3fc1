"""Grants on single objects: to members of the project only, by people who may give them."""

from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from guardian.admin import AdminUserObjectPermissionsForm, ReinforcedGuardedModelAdmin

from loyalty_project.core.admin import lists
from loyalty_project.core.models import User

GIVES_GRANTS = (
    "guardian.view_userobjectpermission",
    "guardian.change_userobjectpermission",
    "guardian.view_groupobjectpermission",  # asked by guardian, whose page shows both
)


class MemberSelect(forms.Form):
    """Whom to grant something."""

    user = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Member"),
        help_text=_("Only members of this project can be chosen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["user"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = lists.members()


class GrantForm(AdminUserObjectPermissionsForm):
    """Which permissions a member has on one object."""

    def get_obj_perms_field_widget(self) -> Any:
        return forms.CheckboxSelectMultiple

    def get_obj_perms_field_label(self) -> Any:
        return _("Permissions")


Guarded: Any = ReinforcedGuardedModelAdmin


class GrantPages(Guarded):
    """guardian's pages ask for `change` on the model alone and offer every user there is.

    Group grants are left out: people have roles through Membership, and `user.groups` is empty.
    """

    def has_grant_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        gives = request.user.has_perms(GIVES_GRANTS)
        return gives and self.has_change_permission(request, obj)

    def _check(self, request: HttpRequest, object_pk: str) -> None:
        obj = self.get_object(request, unquote(object_pk))
        if obj is None:
            raise Http404
        if not self.has_grant_permission(request, obj):
            raise PermissionDenied

    def obj_perms_manage_view(self, request: HttpRequest, object_pk: str) -> HttpResponseBase:
        self._check(request, object_pk)
        if "submit_manage_group" in request.POST:
            raise PermissionDenied
        return super().obj_perms_manage_view(request, object_pk)

    def obj_perms_manage_user_view(
        self, request: HttpRequest, object_pk: str, user_id: str
    ) -> HttpResponseBase:
        self._check(request, object_pk)
        if not lists.is_pk(user_id) or not lists.members().filter(pk=user_id).exists():
            raise Http404
        return super().obj_perms_manage_user_view(request, object_pk, user_id)

    def obj_perms_manage_group_view(
        self, request: HttpRequest, object_pk: str, group_id: str
    ) -> HttpResponseBase:
        raise Http404

    def get_obj_perms_user_select_form(self, request: HttpRequest) -> type[forms.Form]:
        del request
        return MemberSelect

    def get_obj_perms_manage_user_form(self, request: HttpRequest) -> type[forms.Form]:
        del request
        return GrantForm
