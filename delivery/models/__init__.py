from delivery.models.channel import Channel, Target
from delivery.models.ledger import Attempt, Delivery, FanOut, Lane
from delivery.models.release import Release

__all__ = ["Attempt", "Channel", "Delivery", "FanOut", "Lane", "Release", "Target"]
