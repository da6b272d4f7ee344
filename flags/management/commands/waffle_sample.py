from flags.management.off import WaffleCommandOff


class Command(WaffleCommandOff):
    """Stands in front of waffle's command of the same name."""
