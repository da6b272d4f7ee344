from waffle.management.commands import waffle_delete

from flags.management.off import WaffleCommandOff


class Command(WaffleCommandOff, waffle_delete.Command):
    """Stands in front of waffle's command of the same name."""
