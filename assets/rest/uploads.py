"""Files sent to the API: how large a request may be, and media and bundles as JSON."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request

from assets.importers.run import FORMATS
from assets.models import Media

FORM_BYTES: Final = 64 * 1024
"""What a multipart form may hold besides its file."""


class TooLarge(exceptions.APIException):
    """413: the request is larger than this address takes."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"
    default_detail = _("The request is too large.")


def require_size(request: Request, limit: int) -> None:
    """Raise TooLarge, before anything of the body is read, when it holds more than a file of `limit` bytes.

    The server reads no more than the length that was announced, and nothing without one.
    """
    try:
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        sent = 0
    if sent > limit + FORM_BYTES:
        raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": limit // (1024 * 1024)})


class MediaSerializer(serializers.ModelSerializer[Media]):
    """A file of an asset: the name that its draft knows it by, and what is behind it."""

    sha256 = serializers.CharField(source="file_id", read_only=True)
    content_type = serializers.CharField(source="file.content_type", read_only=True, help_text="Found in its bytes.")
    size = serializers.IntegerField(source="file.size", read_only=True, help_text="Bytes.")
    uploaded_by = serializers.CharField(
        source="uploaded_by.username", read_only=True, allow_null=True, default=None, help_text="Null for an import."
    )

    class Meta:
        model = Media
        fields = ("name", "sha256", "content_type", "size", "uploaded_by")
        read_only_fields = fields


class NewMediaSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(
        max_length=200, required=False, help_text="What the text calls it: panel.png. Without one, the file's own name."
    )
    file = serializers.FileField(help_text="An image, PDF, audio, video or zip file of at most 20 MB.")


class NewImportSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="A .tgz, .tar.gz, .tar or .zip, or one .md file; at most 10 MB.")
    format = serializers.ChoiceField(choices=sorted(FORMATS))
    collection = serializers.CharField(
        max_length=80, required=False, default="", allow_blank=True,
        help_text="Key of the collection that everything goes to. A single .md file needs one.",
    )  # fmt: skip
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Say what is there, write nothing.")


class NoteSerializer(serializers.Serializer[Any]):
    """Something to tell about a file of a bundle."""

    path = serializers.CharField()
    line = serializers.IntegerField(help_text="1-based; 0 when it is about the whole file.")
    message = serializers.CharField()
    fix = serializers.CharField()
    code = serializers.CharField()


class ContentImportSerializer(serializers.Serializer[Any]):
    """What an import did, or would do."""

    dry_run = serializers.BooleanField()
    assets = serializers.SerializerMethodField(help_text="Keys of the assets that the bundle holds.")
    made = serializers.ListField(child=serializers.CharField(), source="stored.made")
    updated = serializers.ListField(child=serializers.CharField(), source="stored.updated")
    unchanged = serializers.ListField(child=serializers.CharField(), source="stored.unchanged")
    versions = serializers.IntegerField(source="stored.versions", help_text="New versions.")
    outcomes = serializers.IntegerField(source="stored.outcomes", help_text="New outcomes.")
    checks = serializers.IntegerField(help_text="How many checks the bundle's assets have.")
    skipped = NoteSerializer(many=True, help_text="What was left out, and why.")
    remarks = NoteSerializer(many=True, help_text="What was imported but has to be looked at.")

    def get_assets(self, report: Any) -> list[str]:
        return [planned.asset.key for planned in report.plan.assets]
