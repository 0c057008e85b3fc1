"""The page of what rules are assigned to: a choice of rules, and recipes to begin with."""

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.forms import Widget
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin import assignments, recipes
from campaigns.admin.builder import wording
from campaigns.admin.discount_fields import picker_config
from campaigns.admin.recipes import Filled
from campaigns.models import RuleAssignment, ValidationRule
from campaigns.queries import rules as rule_queries
from campaigns.services import rules
from loyalty_project.core import access, clock
from loyalty_project.core.admin import display
from loyalty_project.core.admin.access import StockAdmin

_RULE: Any = RuleAssignment._meta.get_field("rule")


def _kept(request: HttpRequest, **more: str) -> str:
    """What the address said beside the recipe, such as the promotion of a tier."""
    query = request.GET.copy()
    query.pop("recipe", None)
    query.update(more)
    return f"?{query.urlencode()}" if query else ""


class RulesPage(StockAdmin):
    """Beside it the form is an `assignments.RulesForm`."""

    add_form_template = "admin/campaigns/add_form.html"

    @admin.display(description=gettext_lazy("Rules"))
    def rules(self, obj: Any) -> Any:
        """For those who may not choose others."""
        found = rule_queries.assignments_of(obj)
        links = ((display.link_to(each.rule),) for each in found)
        return format_html_join(", ", "{}", links) or display.EMPTY

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if "rules" in form_class.base_fields:
            # Other requests share the field of the form that was declared.
            field = copy.deepcopy(form_class.base_fields["rules"])
            form_class.base_fields["rules"] = field
            field.widget = self._picker(request)
            field.disabled = not access.can(request.user, "add", RuleAssignment)
        return form_class

    def _picker(self, request: HttpRequest) -> Widget:
        """Finds rules while one types; beside it stands a button that makes one."""
        select = AutocompleteSelectMultiple(_RULE, self.admin_site)
        may_add = access.can(request.user, "add", ValidationRule)
        wrapper: Any = RelatedFieldWidgetWrapper(
            select, _RULE.remote_field, self.admin_site, can_add_related=may_add
        )
        wrapper.can_change_related = wrapper.can_delete_related = False
        wrapper.can_view_related = False
        return wrapper

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        field = form.fields.get("rules")
        if field is None or field.disabled:
            return
        chosen = [*form.cleaned_data["rules"]]
        if not change and form.made is not None and form.made.rule:
            chosen.append(self._made(request, form.instance, form.made))
        assignments.save(project=request.project, to=form.instance, rules=chosen)

    def _made(self, request: Any, obj: Any, made: Filled) -> ValidationRule:
        """The rule of a recipe, made with what it restricts."""
        if not access.can(request.user, "add", ValidationRule):
            raise PermissionDenied
        name = f"{made.title} · {obj}"[: rules.NAME_MAX]
        data = {"name": name, **made.rule}
        return rules.create(project=request.project, data=data, at=clock.now())

    def get_urls(self) -> list[Any]:
        views: list[tuple[str, Any, str]] = [
            ("recipes/", self.recipes_view, "recipes"),
            ("recipes/<slug:key>/", self.recipe_view, "recipe"),
        ]
        made = [
            path(route, self.admin_site.admin_view(view), name=self._route(name))
            for route, view, name in views
        ]
        return [*made, *super().get_urls()]

    def _route(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _url(self, name: str, *args: str) -> str:
        return reverse(f"admin:{self._route(name)}", args=args)

    def recipes_view(self, request: HttpRequest) -> HttpResponseBase:
        """What there is to begin with."""
        self._refuse_strangers(request)
        found = [
            {"recipe": recipe, "url": self._url("recipe", key) + _kept(request)}
            for key, recipe in recipes.RECIPES.items()
        ]
        context = self._context(request, title=_("Start from a recipe"), recipes=found)
        return TemplateResponse(request, "admin/campaigns/recipes.html", context)

    def recipe_view(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """The values of a recipe; then the form that they fill."""
        self._refuse_strangers(request)
        recipe = recipes.RECIPES.get(key)
        if recipe is None:
            raise Http404
        form = recipe(request.POST) if request.method == "POST" else recipe()
        if form.is_bound and form.is_valid():
            query = _kept(request, recipe=recipes.text_of(key, form))
            return HttpResponseRedirect(self._url("add") + query)
        context = self._context(
            request,
            title=recipe.title,
            form=form,
            errors=[error for found in form.errors.values() for error in found],
            about=recipe.about,
            builder=picker_config(dict(form.data.items())),
            media=self.media + form.media,
        )
        return TemplateResponse(request, "admin/campaigns/recipe.html", context)

    def _refuse_strangers(self, request: HttpRequest) -> None:
        if not (self.may(request, "add") and access.can(request.user, "add", ValidationRule)):
            raise PermissionDenied

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        back = self._url("recipes") + _kept(request)
        frame = self.admin_site.each_context(request)
        return {**frame, "opts": self.opts, "media": self.media, "back": back, **more}

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if kwargs.get("add") and access.can(request.user, "add", ValidationRule):
            context["recipes_url"] = self._url("recipes") + _kept(request)
            if form.made is not None:
                context["recipe"] = {
                    "text": form["recipe"].value(),
                    "title": form.made.title,
                    "says": wording.of_document(form.made.rule) if form.made.rule else [],
                }
        return super().render_change_form(request, context, **kwargs)
