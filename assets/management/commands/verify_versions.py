"""Hash every version again and compare: `manage.py verify_versions`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.queries.integrity import changed_versions, version_count


class Command(BaseCommand):
    help = "Check that no version changed since it was saved. Ends with an error that names each one that did."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = list(changed_versions())
        for version in changed:
            self.stderr.write(f"{version.key} v{version.number} (id {version.id}) is not the text that was saved.")
        if changed:
            raise CommandError(
                f"{len(changed)} of {version_count()} versions changed. Restore them from a backup, and find out who "
                "could turn off the database's triggers."
            )
        self.stdout.write(f"All {version_count()} versions are as they were saved.")
