"""Sign and post one event (Standard Webhooks 1.0). Any 2xx is yes; 410 means: stop; everything else is tried again."""

import base64
import binascii
import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from delivery.channels.guard import NoAnswer, NotSent, Refused, Reply, call, is_allowed_host, split_url
from delivery.channels.message import Announcement, Place, Result, Sent
from delivery.channels.webhook.render import message_id, render

PREFIX = "whsec_"


def check_address(address: str) -> str:
    """A URL that may be called: https, or http to a host that the operator allowed. Raises ValidationError."""
    cleaned = address.strip()
    try:
        scheme, host, port, _path = split_url(cleaned)
    except Refused as error:
        raise ValidationError(str(error)) from error
    if scheme != "https" and not is_allowed_host(host, port):
        raise ValidationError(
            _("Use an address that starts with https://, so that nobody on the way can read or change it.")
        )
    return cleaned


def check_secret(secret: str) -> str:
    """A Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. Raises ValidationError."""
    cleaned = secret.strip()
    try:
        size = len(base64.b64decode(cleaned.removeprefix(PREFIX) + "==", validate=False))
    except (binascii.Error, ValueError):
        size = 0
    if not cleaned.startswith(PREFIX) or not 24 <= size <= 64:
        raise ValidationError(_("A webhook secret starts with whsec_, followed by 24 to 64 bytes in base64."))
    return cleaned


def new_secret() -> str:
    """A fresh secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def send(announcement: Announcement, place: Place) -> Sent:
    """Post one event. Never raises for what the receiver or the network does."""
    body = render(announcement)
    number = message_id(announcement)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "LearningOps",
        "webhook-id": number,
        "webhook-timestamp": str(int(announcement.sent_at.timestamp())),
        "webhook-signature": Webhook(str(place.secret)).sign(number, announcement.sent_at, body),
    }
    try:
        return _answered(call("POST", place.address, headers=headers, body=body.encode()))
    except Refused as error:
        return Sent(Result.FAILED, detail=str(error))
    except NotSent as error:
        return Sent(Result.RETRY, detail=str(error))
    except NoAnswer as error:
        return Sent(Result.UNKNOWN, detail=str(error))


def _answered(reply: Reply) -> Sent:
    if 200 <= reply.status < 300:
        return Sent(Result.ACCEPTED, reply.status)
    if reply.status == 410:
        return Sent(Result.FAILED, reply.status, _("The receiver wants no more events (410)."), gone=True)
    if 300 <= reply.status < 400:
        detail = _("The receiver sent us elsewhere (%(status)s). Redirects are not followed; change the address.")
    else:
        detail = _("The receiver answered %(status)s.")
    return Sent(Result.RETRY, reply.status, detail % {"status": reply.status}, retry_after=reply.retry_after)
