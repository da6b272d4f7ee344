"""Waffle's own commands would go round the actions, the audit trail and the epoch: they are off."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class WaffleCommandOff(BaseCommand):
    """Takes any arguments and does nothing but say where to go instead."""

    help = "Off: flags are changed on the release's page or through the REST API."
    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("arguments", nargs=argparse.REMAINDER)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, prefix_chars="\0", **kwargs)

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse.

        Raises:
            CommandError: always.
        """
        raise CommandError(
            "Waffle's commands are off, because they would change flags without a record. "
            "Use the release's page or the REST API (/api/v1/releases/); to look, use the admin's list of flags."
        )
