"""Which Chromium the browser tests use. `python -m tests.harness.chromium` (by make) gets one when it can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
HOW = (
    "The browser tests need Chromium. Set CHROMIUM to the program of a Chromium or Chrome, put one on the PATH, run "
    "`.venv/bin/playwright install chromium`, or run make as root on Debian or Ubuntu, which installs it by apt."
)


def find() -> str | None:
    """The program to start; None when there is none. Raises `SystemExit` when `$CHROMIUM` names nothing."""
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise SystemExit(f"CHROMIUM is “{named}”, which is not a program. {HOW}")
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for program in APPLICATIONS:
        if Path(program).exists():
            return program
    return _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        program = playwright.chromium.executable_path
    return program if Path(program).exists() else None


def get() -> str:
    """`find`, after an attempt to install one. Raises `SystemExit` with what to do."""
    if program := find():
        return program
    for command in _ways_to_install():
        print("No Chromium here; trying:", " ".join(command), file=sys.stderr)
        if subprocess.run(command, check=False).returncode == 0 and (program := find()):
            return program
    raise SystemExit(HOW)


def _ways_to_install() -> list[list[str]]:
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = "apt-get install -y -q --no-install-recommends chromium"
        ways.insert(0, ["sh", "-c", f"{install} || {{ apt-get update -q && {install}; }}"])
    return ways


if __name__ == "__main__":
    get()
