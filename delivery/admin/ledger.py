"""The ledger, to look at; what failed or is unknown can be sent again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from delivery.actions.deliveries import send_again
from delivery.models import Attempt, Delivery
from delivery.queries.ledger import with_places
from people.admin import CapabilityAdmin
from people.capabilities import Capability


class AttemptInline(admin.TabularInline[Attempt, Delivery]):
    """The tries of one delivery."""

    model = Attempt
    fields = readonly_fields = ("number", "started_at", "finished_at", "outcome", "status", "detail")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever may see the delivery

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(CapabilityAdmin):
    """Deliveries: newest first, by state and kind of channel."""

    view_capability = Capability.OPERATE
    list_display = ("asset", "shows", "place", "state", "problem", "settled_at")
    list_filter = ("state", "lane__target__channel")
    search_fields = ("lane__target__address", "lane__asset__key")
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "asset",
        "shows",
        "channel",
        "address",
        "epoch",
        "state",
        "attempts_made",
        "next_attempt_at",
        "created_at",
        "settled_at",
        "problem",
    )
    inlines = (AttemptInline,)
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return with_places(Delivery.objects.all()).defer("version__source", "version__text")

    @admin.display(description=_("asset"), ordering="lane__asset__key")
    def asset(self, delivery: Delivery) -> str:
        return delivery.lane.asset.key

    @admin.display(description=_("shows"))
    def shows(self, delivery: Delivery) -> str:
        return f"v{delivery.version.number}" if delivery.version else str(_("nothing"))

    @admin.display(description=_("channel"), ordering="lane__target__channel__name")
    def channel(self, delivery: Delivery) -> str:
        return delivery.lane.target.channel.name

    @admin.display(description=_("place"), ordering="lane__target__address")
    def place(self, delivery: Delivery) -> str:
        """Channel and address, short enough for a row."""
        target = delivery.lane.target
        return f"{target.channel.name}: {Truncator(target.address).chars(36)}"

    @admin.display(description=_("address"))
    def address(self, delivery: Delivery) -> str:
        return delivery.lane.target.address

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Send the chosen ones again; says which could not be, and why."""
        sent = 0
        for key in list(queryset.values_list("pk", flat=True)):
            try:
                send_again(actor=self.person(request), delivery_id=key)
                sent += 1
            except ValidationError as refused:
                self.message_user(request, f"{key}: {' '.join(refused.messages)}", messages.WARNING)
        if sent:
            done = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", sent)
            self.message_user(request, done % {"count": sent}, messages.SUCCESS)
