"""What delivery adds to the authoring screen: an asset's releases, and how channels would announce the draft."""

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from assets.gates import parsed
from assets.models import Asset, Version
from delivery.channels.announcement import preview_of
from delivery.channels.email.render import render as render_email
from delivery.channels.message import Announcement
from delivery.channels.slack.render import render as render_slack
from delivery.models import Lane, Release
from delivery.queries.stack import count_by_release


def releases_panel(request: HttpRequest, asset: Asset) -> SafeString | None:
    """The open stack with who gets what, and in how many places it is shown. 5 queries at most."""
    releases = list(
        Release.objects.filter(asset=asset, state=Release.State.OPEN)
        .select_related("version", "flag")
        .defer("version__source", "version__text")
        .order_by("-id")
    )
    counts = count_by_release(asset.pk) if releases else {}
    return SafeString(
        render_to_string(
            "delivery/panels/releases.html",
            {
                "rows": [(release, counts.get(release.pk, 0)) for release in releases],
                "lanes": Lane.objects.filter(asset=asset, shown_version__isnull=False).count() if releases else 0,
            },
            request,
        )
    )


def email_preview(_request: HttpRequest, asset: Asset) -> SafeString | None:
    """The email that people would get about the draft. 2 queries."""
    announcement = _announcement(asset, "email")
    letter = render_email(announcement, gettext)
    context = {"letter": letter, "news": announcement, "organisation": settings.ORGANISATION_NAME}
    return SafeString(render_to_string("delivery/panels/email.html", context))


def slack_preview(_request: HttpRequest, asset: Asset) -> SafeString | None:
    """The message that Slack would show about the draft. 2 queries."""
    message = render_slack(_announcement(asset, "slack"), gettext)
    return SafeString(render_to_string("delivery/panels/slack.html", {"blocks": message["blocks"]}))


def _announcement(asset: Asset, kind: str) -> Announcement:
    """What would be said if the draft were saved and shipped now to a place that shows what is on top of the stack."""
    document = parsed(asset.draft.source)
    top = (
        Release.objects.filter(asset=asset, state=Release.State.OPEN).order_by("-id").select_related("version").first()
    )
    number = asset.versions.order_by("-number").values_list(F("number") + 1, flat=True).first() or 1
    draft = Version(
        asset=asset,
        number=number,
        title=document.meta.title or asset.title,
        summary=document.meta.summary,
        minutes=document.minutes,
    )
    return preview_of(draft, kind, shown=top.version if top else None, note="", now=timezone.now())
