"""Peers that need a table."""

from waffle.models import AbstractUserFlag


class PlainFlag(AbstractUserFlag):
    """Waffle's flag as it ships. Its own table is not made where another flag model is in use, so it gets one here."""

    class Meta(AbstractUserFlag.Meta):
        app_label = "bench"
