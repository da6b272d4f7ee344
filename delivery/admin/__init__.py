"""Admin pages of delivery, for operators: channels, targets, the ledger."""

from delivery.admin.channels import ChannelAdmin, TargetAdmin
from delivery.admin.ledger import DeliveryAdmin

__all__ = ["ChannelAdmin", "DeliveryAdmin", "TargetAdmin"]
