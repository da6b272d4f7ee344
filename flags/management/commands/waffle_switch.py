from waffle.management.commands import waffle_switch

from flags.management.off import WaffleCommandOff


class Command(WaffleCommandOff, waffle_switch.Command):
    """Stands in front of waffle's command of the same name."""
