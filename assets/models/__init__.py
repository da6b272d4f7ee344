from assets.models.asset import Asset, AssetAlias, Collection, CollectionMember
from assets.models.draft import Draft
from assets.models.media import Media, MediaFile, VersionMedia
from assets.models.outcome import Framework, Outcome
from assets.models.review import ReviewFlag, Suggestion, SuggestionComment
from assets.models.version import (
    Check,
    Dependency,
    Rendering,
    Version,
    VersionCheck,
    VersionCheckOutcome,
    VersionOutcome,
    Waiver,
)

__all__ = [
    "Asset",
    "AssetAlias",
    "Check",
    "Collection",
    "CollectionMember",
    "Dependency",
    "Draft",
    "Framework",
    "Media",
    "MediaFile",
    "Outcome",
    "Rendering",
    "ReviewFlag",
    "Suggestion",
    "SuggestionComment",
    "Version",
    "VersionCheck",
    "VersionCheckOutcome",
    "VersionMedia",
    "VersionOutcome",
    "Waiver",
]
