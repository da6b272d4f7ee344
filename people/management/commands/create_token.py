"""`manage.py create_token USERNAME`: print a new API token of that person."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from people.actions.tokens import create_token
from people.models import User


class Command(BaseCommand):
    help = "Print a new API token that acts as the person. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="made by manage.py create_token", help="what it is for")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody has the username “{options['username']}”.")
        try:
            _row, token = create_token(actor=None, user=user, name=options["name"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(token)
