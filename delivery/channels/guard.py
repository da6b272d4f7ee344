"""Outgoing HTTP that cannot be turned inwards (invariant 14).

The name is resolved once, every address it has is checked, and the connection goes to the checked address, so a
second answer of the DNS changes nothing. Redirects are not followed. Operators allow private hosts by the setting
OUTBOUND_ALLOWED_HOSTS ("host" or "host:port").
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_TIMEOUT = 5.0  # seconds
CALL_TIMEOUT = 10.0  # seconds for everything after the connection is made
MAX_REPLY = 1024 * 1024  # bytes read of an answer
_TRANSLATED = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
)  # NAT64, RFC 6052, RFC 8215

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """We do not make this call: the address is not one we may reach."""


class NotSent(Exception):
    """The request was certainly not taken: no connection was made. Trying again may help."""


class NoAnswer(Exception):
    """The request may have been taken: the connection broke, or no answer came in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: status, header names in lower case, at most MAX_REPLY bytes of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """Seconds of a `Retry-After` header, when it is given as a number."""
        value = self.headers.get("retry-after", "").strip()
        return float(value) if value.isdigit() else None


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked URL: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, also when it is wrapped in another one (mapped, 6to4, NAT64…)."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is None and any(address in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_allowed_host(host: str, port: int) -> bool:
    """Whether the operator allowed this host although it may be private."""
    allowed = {entry.lower() for entry in settings.OUTBOUND_ALLOWED_HOSTS}
    name = host.lower()
    bracketed = f"[{name}]" if ":" in name else name
    return name in allowed or f"{bracketed}:{port}" in allowed


def split_url(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query of an http(s) URL. Raises Refused with the reason."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(_("“%(url)s” is not a web address.") % {"url": url[:80]}) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(_("“%(url)s” is not a web address that starts with https://.") % {"url": url[:80]})
    if parts.username is not None or parts.password is not None:
        raise Refused(_("The web address holds a user name or password. Leave them out."))
    if any(character.isspace() or ord(character) < 32 for character in url):
        raise Refused(_("The web address holds a space or a control character."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def check_url(url: str) -> Destination:
    """Resolve and check a URL.

    Every address of the name must be public, unless the operator allowed the host.

    Raises:
        Refused: it is not a web address, or leads to an address that is not public.
        NotSent: the name cannot be resolved now.
    """
    scheme, host, port, path = split_url(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise NotSent(_("The name %(host)s cannot be resolved.") % {"host": host[:120]}) from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    if not addresses:
        raise NotSent(_("The name %(host)s has no address.") % {"host": host[:120]})
    if not is_allowed_host(host, port) and not all(is_public(address) for address in addresses):
        raise Refused(
            _("%(host)s is on a private network. An operator can allow it by OUTBOUND_ALLOWED_HOSTS.")
            % {"host": host[:120]}
        )
    return Destination(scheme, host, port, path, str(addresses[0]))


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to the checked address, asking for the name."""

    def __init__(self, destination: Destination) -> None:
        super().__init__(destination.host, destination.port, timeout=CONNECT_TIMEOUT)
        self.destination = destination

    def connect(self) -> None:
        self.sock = socket.create_connection((self.destination.ip, self.destination.port), CONNECT_TIMEOUT)
        if self.destination.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.destination.host)


def call(method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
    """Make one HTTP request to a checked address; redirects are returned, not followed.

    Args:
        method: "GET" or "POST".
        url: where to; any host that is public or allowed.
        headers: to send besides Host and Content-Length.
        body: the bytes to send.

    Raises:
        Refused, NotSent, NoAnswer: see there. What raises NotSent was not taken by anybody.
    """
    destination = check_url(url)
    connection = _PinnedConnection(destination)
    if destination.scheme == "https":
        connection.default_port = 443  # so that the Host header leaves out the port
    try:
        try:
            connection.connect()
        except (OSError, ssl.SSLError) as error:
            raise NotSent(
                _("No connection to %(host)s: %(why)s.") % {"host": destination.host, "why": _why(error)}
            ) from error
        try:
            return _exchange(connection, method, destination.path, headers, body)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(
                _("No answer from %(host)s: %(why)s.") % {"host": destination.host, "why": _why(error)}
            ) from error
    finally:
        connection.close()


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    deadline = time.monotonic() + CALL_TIMEOUT
    socket_ = connection.sock
    socket_.settimeout(CALL_TIMEOUT)
    connection.request(method, path, body=body, headers=dict(headers))
    response = connection.getresponse()
    chunks: list[bytes] = []
    size = 0
    # A receiver that drips bytes must not hold the worker beyond the deadline.
    while size < MAX_REPLY and (chunk := response.read1(65536)):
        chunks.append(chunk)
        size += len(chunk)
        if time.monotonic() > deadline:
            raise TimeoutError
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, b"".join(chunks))


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("it took too long")
    if isinstance(error, ConnectionRefusedError):
        return _("it refused")
    if isinstance(error, ssl.SSLError):
        return _("its certificate or encryption is not accepted (%(reason)s)") % {"reason": error.reason or "TLS"}
    return _("the connection broke (%(kind)s)") % {"kind": type(error).__name__}
