"""Starting and stopping processes that outlive us, without trusting a process number blindly."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from learningops.embedded.place import Account, EmbeddedError

QUIET_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether `port` on 127.0.0.1 can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def run_as(account: Account | None, arguments: Sequence[str | Path], timeout: float = 120) -> str:
    """Run a command to its end, as `account` when given, with a clean environment; return its output.

    Raises `EmbeddedError` with the command's own words when it fails or takes longer than `timeout` seconds.
    """
    command = [str(argument) for argument in arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=QUIET_ENVIRONMENT,
            timeout=timeout,
            umask=0o077,
            start_new_session=True,  # a Ctrl-C is for us; services are stopped in order
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedError(f"{command[0]} did not run: {error}") from error
    output = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise EmbeddedError(f"{command[0]} failed ({done.returncode}): {output.strip()}")
    return output


def command_of(pid: int) -> str:
    """The command line of a living process; empty when there is none (a zombie counts as none)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    except OSError:
        return ""
    done = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def stop_process(pid: int, marker: str, signals: Sequence[signal.Signals], patience: float) -> None:
    """Stop process `pid` if its command line holds `marker`, with each signal in turn, `patience` seconds apart."""
    for number in signals:
        if marker not in command_of(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(lambda: marker not in command_of(pid), patience):
            return
    raise EmbeddedError(f"Process {pid} ({marker}) did not stop.")


def wait_until(condition: Callable[[], bool], patience: float) -> bool:
    """Look every 20 ms whether `condition` holds, for at most `patience` seconds; return whether it came to hold."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Write `text` to `path` at once and readable by its owner only (`account`, when given)."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
    fresh.rename(path)
