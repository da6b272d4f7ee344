"""Send one email by SMTP, knowing at each step whether the server may have taken it.

RFC 5321: a server is responsible for a message from its 250 to the final dot. Before DATA nothing was taken;
from DATA until an answer, nobody knows.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from delivery.channels.email.render import render
from delivery.channels.message import Announcement, Place, Result, Sent


def check_address(address: str) -> str:
    """A mailbox, cleaned. Raises ValidationError."""
    cleaned = address.strip()
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise ValidationError(_("“%(address)s” is not an email address."), params={"address": cleaned}) from error
    return cleaned


def check_secret(_secret: str) -> str:
    """Refuse: the mail server's credentials are settings (EMAIL_HOST_USER, EMAIL_HOST_PASSWORD)."""
    raise ValidationError(_("Email needs no secret here. The mail server is set by EMAIL_HOST and its companions."))


def build(announcement: Announcement, address: str) -> EmailMultiAlternatives:
    """The message: plain text, and the same as HTML."""
    letter = render(announcement, _)
    context = letter.context | {"opening": letter.opening}
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("delivery/email/announcement.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers=letter.headers,
    )
    message.attach_alternative(render_to_string("delivery/email/announcement.html", context), "text/html")
    return message


def send(announcement: Announcement, place: Place) -> Sent:
    """Send one email. Never raises for what the mail server or the network does."""
    message = build(announcement, place.address)
    backend = EmailBackend(timeout=settings.EMAIL_TIMEOUT)
    try:
        backend.open()
        server = backend.connection
        if server is None:
            return Sent(Result.RETRY, detail=_("The mail server gave no connection."))
        return _hand_over(server, message, place.address)
    except smtplib.SMTPResponseException as error:
        return _answered(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Sent(
            Result.RETRY, detail=_("No connection to the mail server: %(why)s.") % {"why": type(error).__name__}
        )
    finally:
        _quit(backend)


def _hand_over(server: smtplib.SMTP, message: EmailMultiAlternatives, address: str) -> Sent:
    """MAIL, RCPT, DATA. Errors before DATA rise to `send`, which knows that nothing was taken."""
    data = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own argument
    server.ehlo_or_helo_if_needed()
    options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
    code, reply = server.mail(parseaddr(message.from_email)[1], options)
    if code == 250:
        code, reply = server.rcpt(address)
    if code not in {250, 251}:
        return _answered(code, reply)
    try:
        return _answered(*server.data(data))
    except smtplib.SMTPDataError as error:
        return _answered(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Sent(
            Result.UNKNOWN, detail=_("The mail server gave no answer: %(why)s.") % {"why": type(error).__name__}
        )


def _answered(code: int, reply: bytes | str) -> Sent:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
    if 200 <= code < 300:
        return Sent(Result.ACCEPTED, code)
    if code <= 0:
        return Sent(Result.RETRY, detail=_("The mail server closed the connection."))
    detail = _("The mail server said: %(code)s %(text)s") % {"code": code, "text": " ".join(text.split())[:200]}
    return Sent(Result.RETRY if 400 <= code < 500 else Result.FAILED, code, detail)


def _quit(backend: EmailBackend) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        return  # the outcome is known already; a server that cannot say goodbye changes nothing
