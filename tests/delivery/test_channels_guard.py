"""Invariant 14: no server-side request to a private address unless the operator allowed the host."""

import http.server
import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from delivery.channels.guard import NoAnswer, NotSent, Refused, call, check_url, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # cloud metadata
        "100.64.0.1",  # carrier-grade NAT
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",  # mapped
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:a00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_wrapping_an_address_never_makes_it_public(number: int) -> None:
    inner = ipaddress.IPv4Address(number)
    for wrapped in (
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
    ):
        assert is_public(wrapped) <= is_public(inner)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",  # 127.0.0.1 as a number
        "http://0x7f.1/",
        "http://127.1/",
        "https://169.254.169.254/latest/meta-data/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:word@example.com/",
        "https://example.com:99999/",
        "https:///path",
        "not an address",
        "https://example.com/a b",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DNS is somebody else's server: what it says is faked here."""
    _resolve_to(monkeypatch, "93.184.215.14", "10.0.0.7")
    with pytest.raises(Refused, match="private network"):
        check_url("https://mixed.example/")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "93.184.215.14")
    destination = check_url("https://public.example:8443/a?b=c")
    assert (destination.host, destination.ip, destination.port) == ("public.example", "93.184.215.14", 8443)
    assert destination.path == "/a?b=c"


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)


class _Handler(http.server.BaseHTTPRequestHandler):
    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/close":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/target")
        self.end_headers()
        self.wfile.write(b"yes")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    _Handler.seen = []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def test_an_allowed_host_and_port_is_reached_and_no_other_port(
    server: http.server.ThreadingHTTPServer, settings: Settings
) -> None:
    port = server.server_port
    settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]
    reply = call("POST", f"http://127.0.0.1:{port}/hook", headers={}, body=b"{}")
    assert (reply.status, reply.body) == (200, b"yes")
    with pytest.raises(Refused):
        call("POST", f"http://127.0.0.1:{port + 1}/hook", headers={}, body=b"{}")


def test_a_redirect_is_returned_and_not_followed(server: http.server.ThreadingHTTPServer, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    reply = call("POST", f"http://127.0.0.1:{server.server_port}/elsewhere", headers={}, body=b"{}")
    assert reply.status == 302
    assert _Handler.seen == ["/elsewhere"]


def test_a_connection_that_breaks_after_sending_leaves_a_doubt_and_one_that_never_was_does_not(
    server: http.server.ThreadingHTTPServer, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with pytest.raises(NoAnswer):
        call("POST", f"http://127.0.0.1:{server.server_port}/close", headers={}, body=b"{}")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            call("POST", f"http://127.0.0.1:{unused.getsockname()[1]}/", headers={}, body=b"{}")
