"""`manage.py export_content DIR`: write the library as a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.exporters.folder import NotEmptyError, export_content
from assets.models import Collection


class Command(BaseCommand):
    help = (
        "Write the newest version of every asset to a folder, byte for byte, with library.json for collections and "
        "outcomes. import_content --format learningops reads it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="DIR")
        parser.add_argument(
            "--collection", action="append", default=[], metavar="KEY", help="only this one; may be repeated"
        )
        parser.add_argument("--history", action="store_true", help="also write every version to versions.jsonl.gz")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted: list[str] = options["collection"]
        there = set(Collection.objects.filter(key__in=wanted).values_list("key", flat=True))
        for key in wanted:
            if key not in there:
                raise CommandError(f"There is no collection with the key {key}.")
        try:
            report = export_content(target=options["target"], collections=wanted, history=options["history"])
        except (NotEmptyError, OSError) as error:
            raise CommandError(str(error)) from None
        for key in report.without_version:
            self.stderr.write(f"left out  {key}: it has a draft only. Save a version first.")
        versions = f", {report.versions} versions" if options["history"] else ""
        self.stdout.write(f"{report.assets} assets{versions}, {report.media} media files.")
