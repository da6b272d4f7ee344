"""`manage.py load_demo`: fill an empty database with the demo organisation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from learningops.demo.files import DemoError
from learningops.demo.load import DemoRefused, load_demo


class Command(BaseCommand):
    help = (
        "Fill an empty database with the demo organisation. Only with LEARNINGOPS_DEMO=1, because its people share a "
        "known password. A second run changes nothing."
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has people with a known password. Set LEARNINGOPS_DEMO=1 to load it.")
        try:
            summary = load_demo()
        except (DemoRefused, DemoError) as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            self.stdout.write(summary)
