"""When two people changed the same place of a draft: both are shown, and somebody chooses."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from assets.actions.drafts import Collision, DraftMoved
from assets.content import match_newlines, merge, resolve
from assets.gates.candidate import parsed
from assets.models import Asset

PREFIX = "choice_"


def collision_page(request: HttpRequest, asset: Asset, moved: DraftMoved, said: Sequence[str] = ()) -> HttpResponse:
    """The page that shows each place twice, with `said` on top. 409: what the request was based on has moved."""
    context = {
        "asset": asset,
        "draft": moved.draft,
        "collision": moved.collision,
        "conflicts": moved.collision.conflicts,
        "prefix": PREFIX,
        "said": said,
        "page": reverse("admin:assets_asset_change", args=[asset.pk]),
    }
    return render(request, "assets/authoring/collision.html", context, status=409)


def posted_collision(data: QueryDict) -> Collision:
    """The three texts of the page, as they were before a browser changed their line ends."""
    theirs = data.get("theirs", "").replace("\r\n", "\n")
    base, ours = (match_newlines(data.get(name, ""), theirs) for name in ("base", "ours"))
    return Collision(base, ours, theirs, merge(parsed(base), parsed(ours), parsed(theirs)).conflicts)


def resolved_source(data: QueryDict, collision: Collision) -> str:
    """The text that follows from the choices. Raises ValidationError when a place is left open."""
    choices = {name.removeprefix(PREFIX): data.get(name, "") for name in data if name.startswith(PREFIX)}
    try:
        result = resolve(parsed(collision.base), parsed(collision.ours), parsed(collision.theirs), choices)
    except ValueError as error:
        raise ValidationError(_("The texts moved on meanwhile. Choose once more.")) from error
    if result.document is None:
        raise ValidationError(_("Choose for each place what stays."))
    return result.document.source
