"""Who may do what in the library. A policy returns the object or raises; a view never filters by hand.

What a learner may open is decided by delivery, not here.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from assets.models import Asset, Collection, CollectionMember, ReviewFlag, Suggestion
from people.capabilities import Capability
from people.models import User
from people.policies import require

AUTHOR = CollectionMember.Role.AUTHOR
REVIEWER = CollectionMember.Role.REVIEWER


def collections_of(user: User) -> QuerySet[Collection]:
    """The collections whose assets `user` may edit: all of them, or those they are an author of. Lazy, 1 query."""
    if not user.can(Capability.EDIT):
        return Collection.objects.none()
    if user.can(Capability.ALL_COLLECTIONS):
        return Collection.objects.all()
    return Collection.objects.filter(members__user=user, members__role=AUTHOR)


def reviewed_collections_of(user: User) -> QuerySet[Collection]:
    """The collections whose suggestions and review flags `user` may answer. Lazy, 1 query."""
    if not user.can(Capability.REVIEW):
        return Collection.objects.none()
    if user.can(Capability.ALL_COLLECTIONS):
        return Collection.objects.all()
    return Collection.objects.filter(members__user=user).distinct()


def assets_for_edit(user: User) -> QuerySet[Asset]:
    """The assets `user` may edit. Lazy, 1 query."""
    return Asset.objects.filter(collection__in=collections_of(user))


def assets_for_reading(user: User) -> QuerySet[Asset]:
    """The assets whose drafts and versions `user` may read: as an author or a reviewer. Lazy, 1 query."""
    return Asset.objects.filter(
        Q(collection__in=collections_of(user)) | Q(collection__in=reviewed_collections_of(user))
    )


def asset_by_key(key: str) -> Asset:
    """The asset with that key or former key, with its collection and owner. Raises Http404. 1 query."""
    found = Asset.objects.select_related("collection", "owner").filter(Q(key=key) | Q(aliases__key=key))
    asset = found.order_by("pk").first()
    if asset is None:
        raise Http404(_("There is no asset “%(key)s”.") % {"key": key})
    return asset


def may_work_in(user: User, collection: Collection) -> bool:
    """Whether `user` works in this collection as an author. 1 query at most."""
    return user.can(Capability.ALL_COLLECTIONS) or _is_member(user, collection.pk, AUTHOR)


def may_edit(user: User, asset: Asset) -> bool:
    """Whether `user` may edit, save and release this asset. 1 query at most."""
    if not user.can(Capability.EDIT):
        return False
    return user.can(Capability.ALL_COLLECTIONS) or _is_member(user, asset.collection_id, AUTHOR)


def may_review(user: User, asset: Asset) -> bool:
    """Whether `user` may answer suggestions and review flags on this asset. 1 query at most."""
    if not user.can(Capability.REVIEW):
        return False
    return user.can(Capability.ALL_COLLECTIONS) or _is_member(user, asset.collection_id, AUTHOR, REVIEWER)


def may_see_answers(user: User, asset: Asset) -> bool:
    """Whether `user` may see right answers and feedback not earned: authors and leads anywhere, SMEs where routed."""
    return user.can(Capability.SEE_ANSWERS) or may_review(user, asset)


def asset_for_edit(user: User, key: str) -> Asset:
    """The asset, if `user` may edit it. Raises Http404 or PermissionDenied. 2 queries at most."""
    require(user, Capability.EDIT)
    asset = asset_by_key(key)
    require_edit(user, asset)
    return asset


def asset_for_edit_by_id(user: User, asset_id: int) -> Asset:
    """As `asset_for_edit`, by id: what the admin's addresses hold."""
    require(user, Capability.EDIT)
    asset = Asset.objects.select_related("collection", "owner").filter(pk=asset_id).first()
    if asset is None:
        raise Http404(_("There is no such asset."))
    require_edit(user, asset)
    return asset


def require_edit(user: User, asset: Asset) -> None:
    """Raise PermissionDenied, naming the collection and whom to ask, unless `user` may edit `asset`."""
    require(user, Capability.EDIT)
    if not may_edit(user, asset):
        raise PermissionDenied(
            _("You are not an author of the collection “%(name)s”. Ask its lead or an operator to add you.")
            % {"name": asset.collection.name}
        )


def require_collection(user: User, collection: Collection) -> None:
    """Raise PermissionDenied unless `user` may make assets in `collection`. 1 query at most."""
    require(user, Capability.EDIT)
    if not may_work_in(user, collection):
        raise PermissionDenied(
            _("You are not an author of the collection “%(name)s”. Ask its lead or an operator to add you.")
            % {"name": collection.name}
        )


def asset_for_reading_draft(user: User, key: str) -> Asset:
    """The asset, if `user` may read its draft, its gates and its versions: its authors and its reviewers."""
    asset = asset_by_key(key)
    if not may_edit(user, asset) and not may_review(user, asset):
        raise PermissionDenied(
            _("Drafts of “%(name)s” are open to its authors and reviewers. Ask its lead to add you.")
            % {"name": asset.collection.name}
        )
    return asset


def can_suggest(user: User, asset: Asset) -> bool:
    """Whether `user` may suggest an edit: by their group, or because the collection lets everyone. 1 query at most."""
    return user.is_active and (user.can(Capability.SUGGEST) or asset.collection.learners_may_suggest)


def require_suggest(user: User, asset: Asset) -> None:
    """Raise PermissionDenied, saying what to do instead, unless `user` may suggest an edit. 1 query at most."""
    if not can_suggest(user, asset):
        raise PermissionDenied(
            _("Learners cannot suggest edits in “%(name)s”. Flag it for review instead.")
            % {"name": asset.collection.name}
        )


def suggestions_for_review(user: User) -> QuerySet[Suggestion]:
    """The suggestions `user` may answer: of their collections, or routed to them. Lazy, 1 query."""
    if not user.can(Capability.REVIEW):
        return Suggestion.objects.none()
    if user.can(Capability.ALL_COLLECTIONS):
        return Suggestion.objects.all()
    return Suggestion.objects.filter(Q(asset__collection__in=reviewed_collections_of(user)) | Q(reviewer=user))


def suggestion_for_review(user: User, suggestion_id: int) -> Suggestion:
    """The suggestion with its asset, base and author, if `user` may answer it. Raises Http404 or PermissionDenied."""
    require(user, Capability.REVIEW)
    suggestion = _suggestion(suggestion_id)
    if not may_answer(user, suggestion):
        raise PermissionDenied(
            _("Suggestions on “%(name)s” are answered by its authors and reviewers. Ask its lead to add you.")
            % {"name": suggestion.asset.collection.name}
        )
    return suggestion


def suggestion_for_author(user: User, suggestion_id: int) -> Suggestion:
    """The suggestion, if it is the user's own. Raises Http404 or PermissionDenied. 1 query."""
    suggestion = _suggestion(suggestion_id)
    if suggestion.author_id != user.pk:
        raise PermissionDenied(_("This suggestion is somebody else’s. Only its author can change or withdraw it."))
    return suggestion


def suggestion_for_reading(user: User, suggestion_id: int) -> Suggestion:
    """The suggestion, if it is the user's own or theirs to answer. Raises Http404 or PermissionDenied."""
    suggestion = _suggestion(suggestion_id)
    if suggestion.author_id != user.pk and not may_answer(user, suggestion):
        raise PermissionDenied(_("Suggestions are open to the person who made them and to those who answer them."))
    return suggestion


def suggestions_for_reading(user: User) -> QuerySet[Suggestion]:
    """The suggestions `user` may read: their own, and those they may answer. Lazy, 1 query."""
    return Suggestion.objects.filter(Q(author=user) | Q(pk__in=suggestions_for_review(user).values("pk")))


def review_flags_for_reading(user: User) -> QuerySet[ReviewFlag]:
    """The review flags `user` may read: their own, and those they may close. Lazy, 1 query."""
    return ReviewFlag.objects.filter(Q(raised_by=user) | Q(pk__in=review_flags_for_review(user).values("pk")))


def may_answer(user: User, suggestion: Suggestion) -> bool:
    """Whether `user` may accept, decline or send back this suggestion. 1 query at most."""
    routed = user.can(Capability.REVIEW) and suggestion.reviewer_id == user.pk
    return routed or may_review(user, suggestion.asset)


def asset_for_review(user: User, asset_id: int) -> Asset:
    """The asset, if `user` may answer what is said about it. Raises Http404 or PermissionDenied. 2 queries."""
    require(user, Capability.REVIEW)
    asset = Asset.objects.select_related("collection", "owner").filter(pk=asset_id).first()
    if asset is None:
        raise Http404(_("There is no such asset."))
    if not may_review(user, asset):
        raise PermissionDenied(
            _("Review flags on “%(name)s” are answered by its authors and reviewers. Ask its lead to add you.")
            % {"name": asset.collection.name}
        )
    return asset


def review_flags_for_review(user: User) -> QuerySet[ReviewFlag]:
    """The review flags `user` may close: those of their collections. Lazy, 1 query."""
    if not user.can(Capability.REVIEW):
        return ReviewFlag.objects.none()
    if user.can(Capability.ALL_COLLECTIONS):
        return ReviewFlag.objects.all()
    return ReviewFlag.objects.filter(asset__collection__in=reviewed_collections_of(user))


def review_flag_for_review(user: User, flag_id: int) -> ReviewFlag:
    """The review flag with its asset, if `user` may close it. Raises Http404 or PermissionDenied."""
    require(user, Capability.REVIEW)
    flag = ReviewFlag.objects.select_related("asset__collection", "version", "raised_by").filter(pk=flag_id).first()
    if flag is None:
        raise Http404(_("There is no such review flag."))
    if not may_review(user, flag.asset):
        raise PermissionDenied(
            _("Review flags on “%(name)s” are answered by its authors and reviewers. Ask its lead to add you.")
            % {"name": flag.asset.collection.name}
        )
    return flag


def _is_member(user: User, collection_id: int, *roles: str) -> bool:
    return CollectionMember.objects.filter(collection=collection_id, user=user, role__in=roles).exists()


def _suggestion(suggestion_id: int) -> Suggestion:
    found = Suggestion.objects.select_related(
        "asset__collection", "asset__owner", "base", "author", "reviewer", "decided_by", "merged_in"
    )
    suggestion = found.filter(pk=suggestion_id).first()
    if suggestion is None:
        raise Http404(_("There is no such suggestion."))
    return suggestion
