"""`manage.py import_people FILE`: make, change and deactivate people from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.actions.import_people import ImportRefused, ImportReport
from people.importers.people_csv import import_people_csv

_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Make, change and deactivate people from a CSV file with the columns username, email, first_name, last_name, "
        "team, job_role, region, and if you like locale, timezone, start_date, groups, active and attr.<key>. "
        "All of the file or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument("--partial", action="store_true", help="take a file with only some of the columns")
        parser.add_argument("--deactivate-missing", action="store_true", help="deactivate people not in the file")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = import_people_csv(
                actor=None,
                data=path.read_bytes(),
                partial=options["partial"],
                deactivate_missing=options["deactivate_missing"],
                dry_run=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except ImportRefused as error:
            for problem in error.problems[:_SHOWN]:
                self.stderr.write(f"{path.name}: {problem}")
            raise CommandError(f"{len(error.problems)} problems in {path.name}. Nothing was changed.") from None
        self._say(report)

    def _say(self, report: ImportReport) -> None:
        for change in report.changes[:_SHOWN]:
            place = f"line {change.line}" if change.line else "not in the file"
            self.stdout.write(f"{place}: {change.username} {change.what} ({', '.join(change.fields)})")
        if len(report.changes) > _SHOWN:
            self.stdout.write(f"and {len(report.changes) - _SHOWN} more")
        counts = ", ".join(f"{report.count(w)} {w}" for w in ("created", "updated", "deactivated", "reactivated"))
        end = " Dry run: nothing was written." if report.dry_run else ""
        self.stdout.write(f"{counts}, {report.unchanged} unchanged.{end}")
