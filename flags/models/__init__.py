from flags.models.audience import Audience
from flags.models.epoch import FlagEpoch
from flags.models.flag import Flag

__all__ = ["Audience", "Flag", "FlagEpoch"]
