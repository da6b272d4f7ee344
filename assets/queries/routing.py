"""Who answers a suggestion, and until when."""

from datetime import date, timedelta
from typing import Final

from assets.models import Asset, CollectionMember
from assets.policies import may_review
from people.models import User

WORKING_DAYS: Final = 5


def due_after(day: date, *, working_days: int = WORKING_DAYS) -> date:
    """The day that many working days (Monday to Friday) after `day`. Public holidays are not known here."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def reviewer_for(asset: Asset, author: User) -> User | None:
    """Who should answer what `author` suggests: the asset's owner, else a reviewer of the collection, else its lead.

    Only active people who may review it, and nobody their own while somebody else can. None when there is nobody:
    then anyone who may review the collection finds it in the queue. At most 3 queries for each candidate.
    """
    members = CollectionMember.objects.filter(collection=asset.collection_id, role=CollectionMember.Role.REVIEWER)
    reviewers = [member.user for member in members.select_related("user").order_by("pk")[:5]]
    candidates = [asset.owner, *reviewers, asset.collection.lead]
    able = (who for who in candidates if who and who.is_active and who.pk != author.pk and may_review(who, asset))
    found = next(able, None)
    if found is None and may_review(author, asset):
        return author
    return found
