"""Frameworks and outcomes."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assets.actions.outcomes import save_framework, save_outcome
from assets.forms.outcomes import OutcomeForm
from assets.models import Framework, Outcome
from people.admin import CapabilityAdmin
from people.capabilities import Capability


@admin.register(Framework)
class FrameworkAdmin(CapabilityAdmin):
    view_capability = Capability.EDIT
    add_capability = Capability.ALL_COLLECTIONS
    change_capability = Capability.ALL_COLLECTIONS
    list_display = ("name", "key", "outcome_count", "source")
    search_fields = ("name", "key")

    def save_model(self, request: HttpRequest, obj: Framework, form: Any, change: bool) -> None:
        save_framework(actor=self.person(request), framework=obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Framework]:
        return Framework.objects.annotate(found=Count("outcomes"))

    @admin.display(description=_("outcomes"), ordering="found")
    def outcome_count(self, framework: Any) -> int:
        return int(framework.found)


@admin.register(Outcome)
class OutcomeAdmin(CapabilityAdmin):
    view_capability = Capability.EDIT
    add_capability = Capability.EDIT
    change_capability = Capability.EDIT
    form = OutcomeForm
    list_display = ("statement", "key", "framework", "parent", "is_group")
    list_filter = ("framework", "is_group")
    list_select_related = ("framework", "parent")
    search_fields = ("statement", "key")

    def save_model(self, request: HttpRequest, obj: Outcome, form: Any, change: bool) -> None:
        save_outcome(actor=self.person(request), outcome=obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # texts name outcomes by key
