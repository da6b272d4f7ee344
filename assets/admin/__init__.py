"""The library's pages in the admin. An asset's change page is the authoring screen."""

from assets.admin.collections import CollectionAdmin
from assets.admin.library import AssetAdmin
from assets.admin.outcomes import FrameworkAdmin, OutcomeAdmin

__all__ = ["AssetAdmin", "CollectionAdmin", "FrameworkAdmin", "OutcomeAdmin"]
