"""`python -m bench.loader HOST PORT PATH COOKIE CONNECTIONS SECONDS`: keep-alive requests, prints requests per second.

A process of its own, so that counting does not slow the server's interpreter. Each connection sends the next request
when the answer to the last is complete. Ends with an error unless every answer is 200.
"""

import asyncio
import re
import sys
from time import perf_counter

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
OK = b"HTTP/1.1 200"


async def one_connection(host: str, port: int, request: bytes, until: float) -> int:
    """How many answers came on one connection until then."""
    reader, writer = await asyncio.open_connection(host, port, limit=4 * 1024 * 1024)
    answers = 0
    while perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(OK):
            raise SystemExit(f"The server answered {head.splitlines()[0].decode()}")
        found = LENGTH.search(head)
        if found:
            await reader.readexactly(int(found[1]))
        else:
            await _read_chunks(reader)
        answers += 1
    writer.close()
    return answers


async def _read_chunks(reader: asyncio.StreamReader) -> None:
    """Read a body that comes in chunks (RFC 9112, 7.1) to its end."""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        await reader.readexactly(size + 2)
    await reader.readuntil(b"\r\n")


async def main(host: str, port: int, path: str, cookie: str, *, connections: int, seconds: float) -> None:
    """Load the server and print requests per second."""
    head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: identity\r\n"
    request = (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()
    begun = perf_counter()
    counts = await asyncio.gather(
        *(one_connection(host, port, request, begun + seconds) for _connection in range(connections))
    )
    print(sum(counts) / (perf_counter() - begun))


if __name__ == "__main__":
    _host, _port, _path, _cookie, _connections, _seconds = sys.argv[1:]
    asyncio.run(main(_host, int(_port), _path, _cookie, connections=int(_connections), seconds=float(_seconds)))
