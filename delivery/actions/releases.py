"""Ship, widen, roll back, archive: the only doors through which the stack of an asset changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.gates import Finding, blocking
from assets.models import Asset, Version
from delivery.actions.fan_out import announce
from delivery.models import FanOut, Release
from flags.actions.epoch import raise_epoch
from flags.actions.flags import NewFlag, create_flags, kill_flag, revive_flag, set_percentage
from flags.engine import FULL
from people.models import AuditEntry, User
from telemetry.actions.record import Event, record

EVERYONE: dict[str, Any] = {"all": []}


class ReleaseBlocked(ValidationError):
    """A version has findings that block it. `findings` holds them by version id."""

    def __init__(self, findings: dict[int, list[Finding]]) -> None:
        self.findings = findings
        messages = [f"{finding.message} {finding.fix}" for rows in findings.values() for finding in rows]
        super().__init__(messages, code="blocked")


@dataclass(frozen=True, slots=True)
class NewRelease:
    """What to ship.

    Args:
        version_id: the version.
        rule: the audience as rule JSON; `{"all": []}` is everyone.
        hundredths: share of the audience in hundredths of a per cent, 0 to 10,000.
        channels: kinds to push to besides the portal: "email", "slack", "webhook".
        note: one line on what changes for people.
    """

    version_id: int
    rule: dict[str, Any] = field(default_factory=lambda: dict(EVERYONE))
    hundredths: int = FULL
    channels: tuple[str, ...] = ()
    note: str = ""


def ship_release(
    *,
    actor: User | None,
    version_id: int,
    rule: dict[str, Any],
    percentage_hundredths: int = FULL,
    channels: Sequence[str] = (),
    note: str = "",
) -> Release:
    """Put one version on top of its asset's stack. See `ship_releases`."""
    new = NewRelease(version_id, rule, percentage_hundredths, tuple(channels), note)
    return ship_releases(actor=actor, items=[new])[0]


def ship_releases(*, actor: User | None, items: Sequence[NewRelease]) -> list[Release]:
    """Ship many versions at once: all or none.

    One transaction: it locks the assets in id order, checks the gates again, and writes flags, releases,
    audit entries, one outbox row per asset and the statements. The number of queries does not depend on
    the number of releases. No network; workers expand the outbox rows.

    Raises:
        ReleaseBlocked: a version has blocking findings without a waiver; nothing was shipped.
        ValidationError: a version does not exist, its asset is retired, or a rule cannot be read.
    """
    with transaction.atomic():
        versions = _lock_versions([item.version_id for item in items])
        findings = {key: rows for key, rows in blocking(list(versions)).items() if rows}
        if findings:
            raise ReleaseBlocked(findings)
        now = timezone.now()
        flags = create_flags(actor=actor, specs=[_flag_of(item, versions[item.version_id]) for item in items])
        releases = Release.objects.bulk_create(
            Release(
                asset_id=versions[item.version_id].asset_id,
                version=versions[item.version_id],
                flag=flag,
                channels=list(dict.fromkeys(item.channels)),
                note=item.note,
                released_by=actor,
                released_at=now,
            )
            for item, flag in zip(items, flags, strict=True)
        )
        _note_change(actor, "released", releases)
    return releases


def widen_release(*, actor: User | None, release_id: int, percentage_hundredths: int) -> Release:
    """Change the share of the audience that gets the release. Widening moves nobody who already had it.

    One transaction; locks the asset. Narrowing is allowed and recorded as such.
    """
    with transaction.atomic():
        release = _lock_open(release_id)
        before = release.flag.percentage_hundredths
        set_percentage(actor=actor, flag=release.flag, percentage_hundredths=percentage_hundredths)
        _note_change(actor, "widened", [release], {"from": before, "to": percentage_hundredths})
    return release


def roll_back_release(*, actor: User | None, release_id: int, reason: str = "") -> Release:
    """Close one release and nothing else; everyone gets what the stack then gives.

    One transaction; locks the asset. Idempotent: a release that is closed already is returned as it is.
    """
    return _close(
        actor=actor, release_id=release_id, state=Release.State.ROLLED_BACK, reason=reason, verb="rolled_back"
    )


def switch_release(*, actor: User | None, release_id: int, kill: bool) -> Release:
    """Turn the kill switch of a release on or off. It stays in the stack; killed, it admits nobody.

    One transaction; locks the asset. Saying what is already so changes nothing.
    """
    with transaction.atomic():
        release = _lock_open(release_id)
        if release.flag.killed != kill:
            change = kill_flag if kill else revive_flag
            change(actor=actor, flag=release.flag)
            _note_change(actor, "killed" if kill else "revived", [release])
    return release


def archive_release(*, actor: User | None, release_id: int, reason: str = "") -> Release:
    """Take a release that a newer baseline shadows out of the stack.

    Raises:
        ValidationError: somebody still gets its version, or would after a roll-back of what is above it.
    """
    with transaction.atomic():
        release = _lock_open(release_id)
        above = Release.objects.filter(
            asset_id=release.asset_id, state=Release.State.OPEN, pk__gt=release_id
        ).select_related("flag__audience")
        baselines = [other for other in above if is_for_everyone(other)]
        if len(baselines) < 2:
            raise ValidationError(
                _("People would get %(what)s after a roll-back. Archive it once two newer ones are live for everyone.")
                % {"what": release.version}
            )
        return _close(actor=actor, release_id=release_id, state=Release.State.ARCHIVED, reason=reason, verb="archived")


def retire_stack(*, actor: User | None, asset_id: int, reason: str = "") -> list[Release]:
    """Close every open release of an asset, because it is retired. One transaction; locks the asset."""
    with transaction.atomic():
        Asset.objects.select_for_update().get(pk=asset_id)
        releases = list(
            Release.objects.filter(asset_id=asset_id, state=Release.State.OPEN).select_related("flag", "version")
        )
        _mark_closed(actor, releases, Release.State.ARCHIVED, reason)
        if releases:
            _note_change(actor, "archived", releases, {"reason": reason})
    return releases


def is_for_everyone(release: Release) -> bool:
    """Whether the release admits everyone: the baseline. Reads `release.flag.audience`."""
    flag = release.flag
    rule = flag.audience.rule if flag.audience else EVERYONE
    return flag.everyone is not False and flag.percentage_hundredths >= FULL and rule == EVERYONE


def _lock_versions(version_ids: Sequence[int]) -> dict[int, Version]:
    """The versions by id, their assets locked in id order so that two shippers cannot deadlock. 2 queries."""
    versions = Version.objects.select_related("asset").defer("source", "text").in_bulk(version_ids)
    missing = [str(key) for key in version_ids if key not in versions]
    if missing:
        raise ValidationError(_("There is no version with the id %(ids)s.") % {"ids": ", ".join(missing)})
    asset_ids = {version.asset_id for version in versions.values()}
    locked = list(
        Asset.objects.select_for_update().filter(pk__in=asset_ids).order_by("pk").values_list("key", "retired_at")
    )
    retired = [key for key, retired_at in locked if retired_at]
    if retired:
        raise ValidationError(
            _("%(keys)s is retired. Bring it back before you release it.") % {"keys": ", ".join(retired)}
        )
    return versions


def _flag_of(item: NewRelease, version: Version) -> NewFlag:
    # The name is for people who read a list of flags; the salt, not the name, is what is hashed.
    return NewFlag(
        name=f"release:{version.asset.key}:v{version.number}",
        rule=item.rule,
        percentage_hundredths=item.hundredths,
    )


def _lock_open(release_id: int) -> Release:
    release = Release.objects.select_related("asset", "version", "flag__audience").get(pk=release_id)
    Asset.objects.select_for_update().get(pk=release.asset_id)
    release.refresh_from_db(fields=["state"])
    if release.state != Release.State.OPEN:
        raise ValidationError(
            _("%(what)s is %(state)s already.") % {"what": release.version, "state": release.get_state_display()}
        )
    return release


def _close(*, actor: User | None, release_id: int, state: Release.State, reason: str, verb: str) -> Release:
    with transaction.atomic():
        release = Release.objects.select_related("asset", "version", "flag").get(pk=release_id)
        Asset.objects.select_for_update().get(pk=release.asset_id)
        release.refresh_from_db(fields=["state", "closed_at", "closed_by", "closed_reason"])
        if release.state == state:
            return release
        _mark_closed(actor, [release], state, reason)
        _note_change(actor, verb, [release], {"reason": reason})
    return release


def _mark_closed(actor: User | None, releases: Sequence[Release], state: Release.State, reason: str) -> None:
    now = timezone.now()
    for release in releases:
        release.state, release.closed_at, release.closed_by, release.closed_reason = state, now, actor, reason
    Release.objects.bulk_update(releases, ["state", "closed_at", "closed_by", "closed_reason"])


def _note_change(
    actor: User | None, verb: str, releases: Sequence[Release], more: dict[str, Any] | None = None
) -> None:
    """What commits with a change of stacks: epoch, audit, outbox, statements, the relay's bell. 6 queries."""
    raise_epoch()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            action=f"release.{verb}",
            object_type="release",
            object_key=str(release.pk),
            data={
                "asset_id": release.asset_id,
                "version_id": release.version_id,
                "version": release.version.number,
                **(more or {}),
            },
        )
        for release in releases
    )
    latest = {release.asset_id: release for release in releases}
    FanOut.objects.bulk_create(FanOut(asset_id=asset_id, release=release) for asset_id, release in latest.items())
    record(
        [
            Event(
                verb=verb,
                person_id=actor.pk if actor else None,
                version_id=release.version_id,
                release_id=release.pk,
                channel="admin",
            )
            for release in releases
        ]
    )
    announce()
