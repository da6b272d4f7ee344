#!/usr/bin/env python
"""Django's commands. Starts the embedded PostgreSQL and Redis when none is configured, and stops them after."""

import os
import sys

from django.core.management import execute_from_command_line

from learningops.embedded import EmbeddedError, use_embedded
from learningops.embedded.place import CHECKOUT

# These never ask the database or the queue.
ALONE = {"help", "version", "--help", "-h", "--version", "check", "collectstatic", "makemessages", "compilemessages"}


def _is_development() -> bool:
    """Whether this folder has its own services, nothing is configured, and the question is not about production."""
    configured = os.environ.get("DATABASE_URL") or os.environ.get("SECRET_KEY")
    return not configured and "--deploy" not in sys.argv and (CHECKOUT / "var" / "embedded").exists()


def main() -> None:
    """Run the command in `sys.argv`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningops.settings")
    if len(sys.argv) < 2 or sys.argv[1] in ALONE:
        if _is_development():
            os.environ.setdefault("LEARNINGOPS_DEV", "1")
        execute_from_command_line(sys.argv)
        return
    try:
        lease = use_embedded()
    except EmbeddedError as error:
        sys.exit(str(error))
    try:
        execute_from_command_line(sys.argv)
    finally:
        if lease is not None:
            lease.leave()


if __name__ == "__main__":
    main()
