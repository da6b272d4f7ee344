"""Keep files: once each, by their content. The type is found in the bytes, never taken from a name or a browser."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import Media, MediaFile
from people.models import AuditEntry, User

MAX_BYTES: Final = 20 * 1024 * 1024
_NAME = re.compile(r"[\w][\w .()+@,-]{0,79}(?:/[\w][\w .()+@,-]{0,79})*")

# The first bytes of what may be kept: (offset, bytes, content type).
_MAGIC: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"PK\x03\x04", "application/zip"),
)
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMedia:
    """A file of an asset: the name its text uses (`panel.png`, `img/panel.png`) and its bytes."""

    asset_id: int
    name: str
    data: bytes


def add_media(*, actor: User | None, asset_id: int, name: str, data: bytes) -> Media:
    """Keep a file under a name of an asset's draft; an earlier file of that name is replaced in the draft only.

    Versions keep the file they were saved with. Raises ValidationError for a file that is too large or of a type
    that is not kept, or a bad name. 5 queries.
    """
    return add_media_files(actor=actor, items=[NewMedia(asset_id=asset_id, name=name, data=data)])[0]


def add_media_files(*, actor: User | None, items: Sequence[NewMedia]) -> list[Media]:
    """Keep many files. 4 queries, whatever their number; the bytes are on disk before the rows are written."""
    kept = [(item, _name(item.name), *_kept(item.data)) for item in items]
    with transaction.atomic():
        MediaFile.objects.bulk_create(
            [MediaFile(sha256=sha, content_type=kind, size=len(item.data)) for item, _n, sha, kind in kept],
            ignore_conflicts=True,
        )
        rows = {
            (item.asset_id, name): Media(asset_id=item.asset_id, name=name, file_id=sha, uploaded_by=actor)
            for item, name, sha, _k in kept
        }
        made = Media.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["asset", "name"],
            update_fields=["file", "uploaded_by"],
        )  # fmt: skip
        AuditEntry.objects.bulk_create(_entries(actor, made))
    return made


def _entries(actor: User | None, made: Iterable[Media]) -> list[AuditEntry]:
    return [
        AuditEntry(
            actor=actor, action="asset.media_added", object_type="media", object_key=media.name[:200],
            data={"asset_id": media.asset_id, "name": media.name, "sha256": media.file_id},
        )
        for media in made
    ]  # fmt: skip


def path_of(sha256: str) -> Path:
    """Where the bytes with that hash lie."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def type_of(data: bytes) -> str | None:
    """The content type that the bytes themselves show; None when it is none that is kept."""
    for offset, magic, kind in _MAGIC:
        if data.startswith(magic, offset):
            return kind
    return "image/svg+xml" if _SVG.match(data[:4096]) else None


def _name(name: str) -> str:
    name = name.replace("\\", "/").strip().removeprefix("./").removeprefix("media/")
    if not _NAME.fullmatch(name) or ".." in name or len(name) > 200:
        raise ValidationError(
            _("“%(name)s” cannot be the name of a file. Use letters, digits, dots and hyphens.") % {"name": name[:80]}
        )
    return name


def _kept(data: bytes) -> tuple[str, str]:
    """Write the bytes and return their hash and type. Writing what is there already is free of effect."""
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is larger than 20 MB. Make it smaller, or link to it."))
    kind = type_of(data)
    if kind is None:
        raise ValidationError(_("This is not an image, PDF, audio, video or zip file. Save it as one of these."))
    sha = hashlib.sha256(data).hexdigest()
    target = path_of(sha)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o640)
        Path(temporary).replace(target)  # at once, so that nobody reads half a file
    return sha, kind
