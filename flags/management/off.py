"""Waffle's own commands would go round the actions, the audit trail and the epoch: they are off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class WaffleCommandOff(BaseCommand):
    """In front of a command of waffle's: takes its arguments and does nothing but say where to go instead."""

    help = "Off: flags are changed on the release's page or through the REST API."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse.

        Raises:
            CommandError: always.
        """
        raise CommandError(
            "Waffle's commands are off, because they would change flags without a record. "
            "Use the release's page or the REST API (/api/v1/releases/); to look, use the admin's list of flags."
        )
