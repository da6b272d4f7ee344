"""Flags and audiences in the admin, to look at. They are changed through releases and through the REST API."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from waffle import admin as _waffle_admin  # noqa: F401  it registers its pages here, so that they can go below
from waffle.models import Sample, Switch

from flags.models import Audience, Flag
from flags.queries import audience_sentence
from people.capabilities import Capability
from people.models import User

# Waffle's pages would change things without a record.
admin.site.unregister([model for model in (Sample, Switch) if admin.site.is_registered(model)])


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Pages to look at, for those who release or edit audiences."""

    actions = None
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user = request.user
        wanted = {Capability.RELEASE, Capability.EDIT_AUDIENCES}
        return isinstance(user, User) and bool(user.capabilities & wanted)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Audience)
class AudienceAdmin(ReadOnlyAdmin):
    """Audiences: who they are in words, how many flags use them."""

    list_display = ("name", "key", "shared", "used_by", "updated_at")
    list_filter = ("shared",)
    search_fields = ("name", "key")
    fields = ("name", "key", "shared", "who", "rule", "created_at", "updated_at")
    readonly_fields = ("who",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Audiences with the number of flags that use each."""
        audiences: QuerySet[Any] = super().get_queryset(request).annotate(flag_count=Count("flags"))
        return audiences

    @admin.display(description=_("flags"), ordering="flag_count")
    def used_by(self, audience: Audience) -> int:
        """How many flags use it."""
        return int(getattr(audience, "flag_count", 0))

    @admin.display(description=_("who"))
    def who(self, audience: Audience) -> str:
        """The rule in words."""
        return audience_sentence(audience)


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    """Flags: audience, share, kill switch."""

    list_display = ("name", "audience", "share", "state", "modified")
    list_select_related = ("audience",)
    search_fields = ("name", "note")
    ordering: ClassVar = ("-id",)
    fields = ("name", "note", "state", "share", "who", "salt", "created", "modified")
    readonly_fields = ("state", "share", "who", "salt")

    @admin.display(description=_("share of the audience"), ordering="percentage_hundredths")
    def share(self, flag: Flag) -> str:
        """The percentage, without trailing zeros."""
        return f"{flag.percentage_hundredths / 100:g}%"

    @admin.display(description=_("state"), ordering="everyone")
    def state(self, flag: Flag) -> str:
        """Whether the kill switch is on."""
        return str(_("killed") if flag.killed else _("live"))

    @admin.display(description=_("who"))
    def who(self, flag: Flag) -> str:
        """The audience's rule in words."""
        return audience_sentence(flag.audience)
