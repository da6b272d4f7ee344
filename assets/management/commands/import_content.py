"""`manage.py import_content PATH --format FORMAT`: bring content into the library."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from assets.importers.archive import UnreadableError
from assets.importers.run import FORMATS, ImportReport, import_content
from people.models import User

SHOWN = 200
REMARKS_SHOWN = 3
REMARKS = {
    "image-absent": "images are not in the bundle",
    "template-tag": "template tags are kept as text",
    "challenge-practice": "challenges cannot be graded and stay as practice",
    "alias": "former addresses cannot be keys",
    "fence": "blocks are opened or closed wrongly",
    "history": "bundles have no history",
    "quiz": "quizzes belong to no lesson",
}


class Command(BaseCommand):
    help = (
        "Import content from a folder, a .tgz or a .zip. Running it again changes nothing. What cannot be read is left "
        "out with its file, line and reason, and the rest goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), dest="form")
        parser.add_argument("--collection", default="", metavar="KEY", help="the collection that everything goes to")
        parser.add_argument("--history", action="store_true", help="replay earlier revisions as versions")
        parser.add_argument("--owner", default="", metavar="USERNAME", help="who keeps the new assets")
        parser.add_argument("--dry-run", action="store_true", help="say what is there, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = import_content(
                path=options["path"],
                form=options["form"],
                collection=options["collection"],
                history=options["history"],
                owner=self._owner(options["owner"]),
                dry_run=options["dry_run"],
                show_progress=options["verbosity"] > 0,
            )
        except (UnreadableError, ValidationError) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise CommandError(said) from None
        self._say(report)
        if report.failed:
            raise CommandError("Nothing could be imported.")

    def _owner(self, username: str) -> User | None:
        if not username:
            return None
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no person with the username {username}.") from None

    def _say(self, report: ImportReport) -> None:
        for note in report.skipped[:SHOWN]:
            self.stderr.write(f"skipped  {note}")
        if len(report.skipped) > SHOWN:
            self.stderr.write(f"and {len(report.skipped) - SHOWN} more skipped")
        for code, count in report.remark_counts().most_common():
            self.stdout.write(f"{count} {REMARKS.get(code, code)}:")
            for note in [n for n in report.remarks if n.code == code][:REMARKS_SHOWN]:
                self.stdout.write(f"  {note}")
        plan, stored = report.plan, report.stored
        if report.dry_run:
            versions = sum(len(p.earlier) for p in plan.assets)
            self.stdout.write(
                f"{len(plan.assets)} assets, {versions} earlier revisions, {len(plan.outcomes)} outcomes, "
                f"{report.checks} checks; {len(report.skipped)} skipped. Dry run: nothing was written."
            )
            return
        self.stdout.write(
            f"{len(stored.made)} made, {len(stored.updated)} updated, {len(stored.unchanged)} unchanged, "
            f"{len(report.skipped)} skipped; {stored.versions} new versions, {stored.outcomes} new outcomes, "
            f"{report.checks} checks."
        )
