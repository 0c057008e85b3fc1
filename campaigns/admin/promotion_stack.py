from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from campaigns.admin import tiers
from campaigns.admin.promotion_forms import StackForm
from campaigns.admin.promotion_tier import promotions_alone
from campaigns.models import PromotionStack, StackedTier
from campaigns.services import promotion_stacks
from loyalty_project.core import clock
from loyalty_project.core.admin import base, display

CAMPAIGN = display.link("campaign")
STACK = ["name", "category", "sequence"]
ATTRIBUTES = (_("Attributes"), {"fields": ["metadata"]})


@admin.register(PromotionStack)
class PromotionStackAdmin(base.ProjectAdmin):
    icon = "list"
    form = StackForm
    list_display = ["name", tiers.sequence, CAMPAIGN, "category", display.when("updated_at")]
    list_select_related = ["campaign", "category"]
    list_filter = [("campaign", admin.RelatedOnlyFieldListFilter), "category"]
    search_fields = ["name__istartswith", "public_id__startswith"]
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromotionStack]:
        rows = super().get_queryset(request).filter(campaign__deleted_at__isnull=True)
        places = StackedTier.objects.select_related("tier").order_by("position")
        return rows.prefetch_related(Prefetch("places", places))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        given = promotions_alone(db_field, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **given)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        first = CAMPAIGN if obj else "campaign"
        return [(_("Stack"), {"fields": [first, *STACK]}), ATTRIBUTES]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        del request
        return [CAMPAIGN] if obj else []

    def save_model(self, request: Any, obj: PromotionStack, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.body(), "at": clock.now()}
        if change:
            base.become(obj, promotion_stacks.update(stack=obj, **values))
        else:
            campaign = form.cleaned_data["campaign"]
            base.become(obj, promotion_stacks.create(campaign=campaign, **values))

    def response_post_save_add(self, request: HttpRequest, obj: PromotionStack) -> HttpResponse:
        """To the promotion, where its stacks stand together."""
        del request
        return HttpResponseRedirect(display.url_of(obj.campaign))

    response_post_save_change = response_post_save_add

    def delete_model(self, request: Any, obj: PromotionStack) -> None:
        promotion_stacks.delete(project=request.project, stack=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[PromotionStack]) -> None:
        for stack in queryset:
            self.delete_model(request, stack)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its tiers stay; records of what happened stay."""
        del request
        counts = {PromotionStack._meta.verbose_name_plural: len(objs)}
        return [str(stack) for stack in objs], counts, set(), []
