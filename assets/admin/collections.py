"""Collections: who writes and reviews in them, and how strict their gates are."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assets.actions.outcomes import save_collection
from assets.forms.outcomes import CollectionForm
from assets.gates import all_gates
from assets.models import Collection, CollectionMember
from people.admin import CapabilityAdmin
from people.capabilities import Capability
from people.models import User

if TYPE_CHECKING:
    _Members = admin.TabularInline[CollectionMember, Collection]
else:
    _Members = admin.TabularInline


class MemberInline(_Members):
    model = CollectionMember
    extra = 1
    verbose_name = _("author or reviewer")
    verbose_name_plural = _("authors and reviewers")

    def _may(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.can(Capability.ALL_COLLECTIONS)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)


@admin.register(Collection)
class CollectionAdmin(CapabilityAdmin):
    view_capability = Capability.EDIT
    add_capability = Capability.ALL_COLLECTIONS
    change_capability = Capability.ALL_COLLECTIONS
    form = CollectionForm
    inlines = (MemberInline,)
    list_display = ("name", "key", "lead", "asset_count", "learners_may_suggest")
    list_select_related = ("lead",)
    search_fields = ("name", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return Collection.objects.annotate(found=Count("assets"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        gates = [CollectionForm.PREFIX + gate.code for gate in all_gates()]
        return [
            (None, {"fields": CollectionForm.Meta.fields}),
            (_("Gates"), {"fields": gates, "description": _("What a text of this collection must pass.")}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The fields of the gates are made by the form itself: Django must not look for them on the model.
        kwargs["fields"] = CollectionForm.Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        obj.gate_settings = form.chosen()
        save_collection(actor=self.person(request), collection=obj)

    @admin.display(description=_("assets"), ordering="found")
    def asset_count(self, collection: Any) -> int:
        return int(collection.found)
