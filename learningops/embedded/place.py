"""Where an embedded PostgreSQL and Redis keep their files, and under which account they run.

PostgreSQL refuses to run as root. So root gives the services an unprivileged system account and a place
outside any home; everybody else keeps them below `var/` and runs them as themselves.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT_BASE = Path("/var/lib/learningops")  # for root only: one private folder per checkout, and the binaries
ACCOUNT_NAME = "learningops"


class EmbeddedError(RuntimeError):
    """An embedded service cannot be started; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """An unprivileged account that services are run under when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """Where one pair of services lives.

    `state` holds locks and `state.json` (addresses and passwords, mode 0600); `data` holds what the services
    write. `account` is set only when we are root. `durable` is false for test runs: no fsync, nothing kept.
    """

    state: Path
    data: Path
    account: Account | None = None
    durable: bool = True


def is_root() -> bool:
    """Whether this process may and must hand services to another account."""
    return os.geteuid() == 0


def make_private(path: Path, account: Account | None) -> None:
    """Make folder `path` (and its parents), mode 0700, belonging to `account` when there is one."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def system_account() -> Account:
    """The system account for services started by root; made when it does not exist yet.

    Raises `EmbeddedError` when it cannot be made.
    """
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        _make_system_account()
        try:
            entry = pwd.getpwnam(ACCOUNT_NAME)
        except KeyError as error:
            raise EmbeddedError(
                f"PostgreSQL does not run as root, and the system account “{ACCOUNT_NAME}” could not be made. "
                f"Make it (useradd --system {ACCOUNT_NAME}), be an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def _make_system_account() -> None:
    """Ask the machine for the account: `useradd` on most systems, `adduser` of BusyBox on small ones."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    if command := shutil.which("useradd", path=search):
        arguments = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
        subprocess.run([command, *arguments, "--user-group", ACCOUNT_NAME], check=False, capture_output=True)
    elif command := shutil.which("adduser", path=search):
        subprocess.run([command, "-S", "-D", "-H", "-s", "/bin/false", ACCOUNT_NAME], check=False, capture_output=True)


def checkout_place(checkout: Path = CHECKOUT) -> Place:
    """The place of a checkout's own services, below its `var/`; for root, below `/var/lib/learningops`.

    Root working in a checkout whose services belong to an ordinary user uses that user's.
    Raises `EmbeddedError` when `var/` belongs to somebody else.
    """
    state = checkout / "var" / "embedded"
    owner = _owner(state)
    if is_root() and owner not in (None, 0):
        entry = pwd.getpwuid(owner or 0)
        return Place(state, state / "data", Account(entry.pw_uid, entry.pw_gid))
    try:
        make_private(state, None)
    except PermissionError as error:
        raise EmbeddedError(
            f"{state} belongs to another user. Run as that user, or remove {checkout / 'var'} to start afresh."
        ) from error
    if not is_root():
        return Place(state, state / "data")
    return Place(state, _root_data(state, checkout), system_account())


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


def _root_data(state: Path, checkout: Path) -> Path:
    """Root's data folder: named by the checkout's path and by a mark in `var/`.

    The mark makes a fresh clone at an old path start afresh; the path keeps a copied checkout from sharing data.
    """
    mark = state / "mark"
    if not mark.exists():
        _ensure_root_base()
        fresh = state / f"mark.{os.getpid()}"
        fresh.write_text(secrets.token_hex(8))
        with contextlib.suppress(FileExistsError):  # unlike a rename, never replaces the mark of who was faster
            os.link(fresh, mark)
        fresh.unlink()
    name = sha256(f"{checkout.resolve()}\0{mark.read_text()}".encode()).hexdigest()[:16]
    return ROOT_BASE / name


def _ensure_root_base() -> None:
    ROOT_BASE.mkdir(parents=True, exist_ok=True)
    ROOT_BASE.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)


def temporary_place(base: Path) -> Place:
    """A place for one test run; its services forget everything. `base` must be a new folder.

    As root, the data lies below `/var/lib/learningops`, since a temporary folder may be one that the
    services' account cannot reach.
    """
    make_private(base, None)
    if not is_root():
        return Place(base, base / "data", durable=False)
    _ensure_root_base()
    return Place(base, ROOT_BASE / f"run-{secrets.token_hex(8)}", system_account(), durable=False)
