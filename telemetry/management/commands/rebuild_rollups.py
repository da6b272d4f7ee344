"""`manage.py rebuild_rollups`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from telemetry.actions.rebuild import rebuild_rollups


class Command(BaseCommand):
    help = "Compute rollups, evidence and what was seen from the statements, and mend what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for result in rebuild_rollups():
            self.stdout.write(
                _("%(table)s: %(rows)s rows, %(differed)s differed")
                % {"table": result.table, "rows": result.rows, "differed": result.differed}
            )
