"""What a browser says it did: a batch by `navigator.sendBeacon`. Recorded as claims, never counted as evidence."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from delivery.queries.resolve import decide_all
from people.models import User
from telemetry.actions.claims import AT_MOST, Claim, record_claims

LARGEST = 64 * 1024  # bytes; browsers send no more in a beacon either


# A beacon cannot carry a CSRF token in a header. The browser's own Origin header stands in for it: a page of
# another site cannot forge it, and what could be forged is a claim about oneself.
@csrf_exempt
@require_POST
def beacon(request: HttpRequest) -> HttpResponse:
    """`{"claims": [{"id", "verb", "version", "at", "seconds", "target"}]}`; 204 once all is stored.

    A batch that is sent again changes nothing.
    """
    if not isinstance(request.user, User):
        return _refuse(401, "Sign in first.")
    if not _same_origin(request):
        return _refuse(403, "A beacon comes from a page of this site.")
    if int(request.headers.get("Content-Length") or 0) > LARGEST or len(request.body) > LARGEST:
        return _refuse(413, f"A beacon holds at most {LARGEST} bytes. Send several.")
    try:
        claims = _read(json.loads(request.body))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        return _refuse(400, f"This is not a beacon: {error}. Send JSON with a list “claims”.")
    opened = set(decide_all(request.user).version_ids())
    with transaction.atomic():
        record_claims(person_id=request.user.pk, claims=[claim for claim in claims if claim.version_id in opened])
    return HttpResponse(status=204)


def _read(data: Any) -> list[Claim]:
    claims = data["claims"]
    if not isinstance(claims, list) or len(claims) > AT_MOST:
        raise ValueError(f"“claims” is a list of at most {AT_MOST}")
    return [_claim(item) for item in claims]


def _claim(item: dict[str, Any]) -> Claim:
    seconds = item.get("seconds")
    return Claim(
        id=UUID(str(item["id"])),
        verb=str(item["verb"]),
        version_id=int(item["version"]),
        at=_moment(item.get("at")),
        duration_s=None if seconds is None else float(seconds),
        target=str(item.get("target", ""))[:200],
    )


def _moment(text: Any) -> datetime | None:
    moment = parse_datetime(text) if isinstance(text, str) else None
    return moment if moment is not None and moment.tzinfo is not None else None


def _same_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    if origin:
        return urlsplit(origin).netloc == request.get_host()
    return site in ("", "same-origin")


def _refuse(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"status": status, "detail": detail}, status=status, content_type="application/problem+json")
