"""The library's list, a new asset, and the way to the authoring screen."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from assets.actions.assets import create_asset
from assets.admin.authoring import autosave, check_block, compare_page, edit_page
from assets.forms.authoring import NewAssetForm
from assets.models import Asset
from assets.policies import collections_of
from assets.queries.library import library
from people.admin import CapabilityAdmin
from people.capabilities import Capability
from people.policies import require

View = Callable[..., HttpResponseBase]


class InUse(admin.SimpleListFilter):
    """In use, or retired; in use unless asked otherwise."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("retired", _("Retired")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("In use")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "retired")


@admin.register(Asset)
class AssetAdmin(CapabilityAdmin):
    view_capability = Capability.EDIT
    add_capability = Capability.EDIT
    change_capability = Capability.EDIT
    list_display = ("titled", "kind", "collection", "version", "owner", "review_by")
    list_filter = (InUse, "collection", "kind", ("owner", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "key")
    ordering = ("title", "key")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asset]:
        return library(Asset.objects.all())

    @admin.display(description=_("asset"), ordering="title")
    def titled(self, asset: Asset) -> SafeString:
        return format_html('<b>{}</b><br><code class="xs">{}</code>', asset.title, asset.key)

    @admin.display(description=_("version"), ordering="newest")
    def version(self, asset: Any) -> SafeString | str:
        if not asset.newest:
            return format_html('<span class="v">{}</span>', __("draft"))
        draft = format_html(' <span class="faint">{}</span>', __("and a draft")) if asset.drafted else ""
        return format_html('<span class="v">v{}</span>{}', asset.newest, draft)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj)  # the screen asks for the asset's collection itself

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:asset_id>/draft/", self._page(autosave), name="assets_asset_draft"),
            path("<int:asset_id>/check/", self._page(check_block), name="assets_asset_check"),
            path("<int:asset_id>/compare/", self._page(compare_page), name="assets_asset_compare"),
        ]
        return [*own, *super().get_urls()]

    def _page(self, view: View) -> View:
        return self.admin_site.admin_view(view)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        return edit_page(request, int(object_id) if object_id.isdecimal() else 0)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A title, a kind and a collection are enough; the screen asks for the rest."""
        person = self.person(request)
        require(person, Capability.EDIT)
        form = NewAssetForm(request.POST or None, collections=collections_of(person))
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            try:
                asset = create_asset(
                    actor=person, collection=values["collection"], key=values["key"], kind=values["kind"],
                    title=values["title"], owner=person,
                )  # fmt: skip
            except ValidationError as refused:
                form.add_error("key", refused)
            else:
                return HttpResponseRedirect(reverse("admin:assets_asset_change", args=[asset.pk]))
        crumbs = [(__("Library"), reverse("admin:index")), (__("Assets"), reverse("admin:assets_asset_changelist"))]
        return render(request, "assets/authoring/new.html", {"form": form, "crumbs": crumbs})
