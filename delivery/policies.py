"""Who may release what. A policy returns the object or raises."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from assets.models import Asset, Version
from assets.policies import asset_for_edit, require_edit
from delivery.models import Release
from flags.engine import FULL
from people.capabilities import Capability
from people.models import User
from people.policies import require

EVERYONE: dict[str, Any] = {"all": []}


def asset_for_release(user: User, key: str) -> Asset:
    """The asset, if `user` may release it. Raises Http404 or PermissionDenied. 3 queries at most."""
    require(user, Capability.RELEASE)
    return asset_for_edit(user, key)


def version_for_release(user: User, version_id: int) -> Version:
    """The version, if `user` may release its asset. Raises Http404 or PermissionDenied. 3 queries at most."""
    require(user, Capability.RELEASE)
    version = Version.objects.select_related("asset__collection").filter(pk=version_id).first()
    if version is None:
        raise Http404(_("There is no such version."))
    require_edit(user, version.asset)
    return version


def release_for_change(user: User, release_id: int) -> Release:
    """The release, if `user` may look after it: roll it back, widen or kill it. Raises Http404 or PermissionDenied."""
    require(user, Capability.RELEASE)
    found = Release.objects.select_related("asset__collection", "version", "flag__audience", "released_by", "closed_by")
    release = found.filter(pk=release_id).first()
    if release is None:
        raise Http404(_("There is no such release."))
    require_edit(user, release.asset)
    return release


def require_reach(user: User, rule: dict[str, Any], percentage_hundredths: int) -> None:
    """Raise PermissionDenied when the release would reach everyone and `user` may release to some only."""
    if rule == EVERYONE and percentage_hundredths >= FULL:
        require(user, Capability.RELEASE_ALL)
