"""The files of an asset, and bundles of content, over REST."""

import re
import tempfile
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.actions.media import MAX_BYTES, add_media
from assets.importers.archive import UnreadableError
from assets.importers.run import ImportReport, import_content
from assets.models import Media
from assets.policies import asset_for_edit, asset_for_reading_draft
from assets.rest.library import valid
from assets.rest.uploads import (
    ContentImportSerializer,
    MediaSerializer,
    NewImportSerializer,
    NewMediaSerializer,
    require_size,
)
from people.capabilities import Capability
from people.models import User
from people.policies import signed_in
from people.rest.permissions import SignedIn, needs

MAX_IMPORT: Final = 10 * 1024 * 1024
_ARCHIVES: Final = (".tgz", ".tar.gz", ".tar", ".zip")
_TEXT: Final = ".md"
_TOLD: Final = 20


@extend_schema(tags=["library"])
class AssetMediaView(APIView):
    """The files that an asset's draft may show."""

    permission_classes = (SignedIn,)
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=MediaSerializer(many=True))
    def get(self, request: Request, key: str) -> Response:
        """The files by name. For those who may read the draft."""
        asset = asset_for_reading_draft(signed_in(request), key)
        found = Media.objects.filter(asset=asset).select_related("file", "uploaded_by").order_by("name")
        return Response(MediaSerializer(found, many=True).data)

    @extend_schema(request={"multipart/form-data": NewMediaSerializer}, responses={201: MediaSerializer})
    def post(self, request: Request, key: str) -> Response:
        """Keep a file. One of the same name is replaced in the draft; versions keep theirs."""
        user = signed_in(request)
        asset = asset_for_edit(user, key)
        require_size(request, MAX_BYTES)
        given = valid(NewMediaSerializer, request)
        sent: UploadedFile[bytes] = given["file"]
        name = given.get("name") or str(sent.name)
        media = add_media(actor=user, asset_id=asset.pk, name=name, data=sent.read())
        return Response(MediaSerializer(media).data, status.HTTP_201_CREATED)


@extend_schema(tags=["library"])
class ContentImportView(APIView):
    """Bring a bundle of content into the library."""

    # Both: an import may change the assets of any collection.
    permission_classes = (needs(write=[Capability.EDIT]), needs(write=[Capability.ALL_COLLECTIONS]))
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": NewImportSerializer}, responses=ContentImportSerializer)
    def post(self, request: Request) -> Response:
        """Import an archive or one Markdown file. What cannot be read is left out and told; the rest goes on.

        Refused, with nothing written, when nothing at all could be taken. You keep the assets that it makes.
        """
        require_size(request, MAX_IMPORT)
        return Response(
            ContentImportSerializer(_imported(signed_in(request), valid(NewImportSerializer, request))).data
        )


def _imported(user: User, given: dict[str, Any]) -> ImportReport:
    sent: UploadedFile[bytes] = given["file"]
    name = _file_name(str(sent.name), given["collection"])
    with tempfile.TemporaryDirectory() as directory, transaction.atomic():
        file = Path(directory) / name
        file.write_bytes(sent.read())
        path = file.parent if name.endswith(_TEXT) else file
        try:
            report = import_content(
                path=path, form=given["format"], collection=given["collection"], owner=user, dry_run=given["dry_run"]
            )
        except UnreadableError as error:
            raise ValidationError({"file": [str(error)]}) from None
        if report.failed:  # inside the transaction: a refusal leaves no collection or outcome behind
            told = [str(note) for note in report.skipped[:_TOLD]]
            raise ValidationError({"file": [_("Nothing could be imported."), *told]})
    return report


def _file_name(name: str, collection: str) -> str:
    """The name to keep an upload under: plain letters, and an ending that is known. Raises ValidationError."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", name.lower())[-80:].lstrip(".-_")
    if plain.endswith(_TEXT) and not collection:
        raise ValidationError({"collection": [_("Say which collection a single file goes to.")]})
    if not plain.endswith((*_ARCHIVES, _TEXT)):
        raise ValidationError({"file": [_("Send a .tgz, .tar.gz, .tar or .zip, or one .md file.")]})
    return plain
