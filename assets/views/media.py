"""Serve files by their content. Whoever knows the hash of a file was shown it, or had the file before."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assets.actions.media import path_of
from assets.models import MediaFile

# Shown in the page; everything else, SVG opened by itself too, is offered for saving.
SHOWN: Final = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "video/mp4", "video/webm", "audio/mpeg",
     "audio/ogg", "application/pdf"}
)  # fmt: skip
_SANDBOX: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@login_required
@require_safe
def media(request: HttpRequest, sha256: str, name: str) -> HttpResponse | FileResponse:
    """A file of the library, for people who are signed in.

    The 256 bits of its content's hash are the key: an address of a file appears only on pages that show it, and which
    pages a person opens is decided by delivery. Hashes are listed only for those who may read the asset's draft.
    """
    if request.headers.get("If-None-Match") == f'"{sha256}"':
        return HttpResponseNotModified()
    kept = MediaFile.objects.filter(pk=sha256).first()
    path = path_of(sha256)
    if kept is None or not path.is_file():
        raise Http404(_("There is no such file."))
    response = FileResponse(
        path.open("rb"), content_type=kept.content_type, filename=name, as_attachment=kept.content_type not in SHOWN
    )
    response.headers["ETag"] = f'"{sha256}"'
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
