from waffle.management.commands import waffle_sample

from flags.management.off import WaffleCommandOff


class Command(WaffleCommandOff, waffle_sample.Command):
    """Stands in front of waffle's command of the same name."""
