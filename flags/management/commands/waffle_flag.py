from waffle.management.commands import waffle_flag

from flags.management.off import WaffleCommandOff


class Command(WaffleCommandOff, waffle_flag.Command):
    """Stands in front of waffle's command of the same name."""
