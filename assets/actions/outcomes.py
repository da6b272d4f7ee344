"""Keep outcomes, frameworks and collections. Pages and the API write through here."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assets.content import is_asset_key
from assets.gates import SETTINGS, all_gates
from assets.gates.verbs import unobservable_start
from assets.models import Collection, Framework, Outcome
from people.actions.audit import write_audit
from people.models import User


def refuse_unobservable(statement: str) -> None:
    """Raise ValidationError, with verbs to try, when nobody could see a person do what `statement` says."""
    refused = unobservable_start(statement)
    if refused:
        said = _("Nobody can watch a person “%(phrase)s”. Say what they do instead; try: %(verbs)s.")
        raise ValidationError(said % {"phrase": refused[0], "verbs": refused[1]})


def save_outcome(*, actor: User | None, outcome: Outcome) -> Outcome:
    """Make or change an outcome. Its key stays for good: texts name it.

    Raises ValidationError for a key that is none or is taken, a statement that nobody can observe, or an outcome that
    would be part of itself. 5 queries; the database refuses a loop as well.
    """
    problems: dict[str, list[str]] = {}
    if not is_asset_key(outcome.key):
        problems["key"] = [_("Use small letters, digits, dots and hyphens, for example refunds.issue-partial.")]
    if not outcome.is_group:
        try:
            refuse_unobservable(outcome.statement)
        except ValidationError as refused:
            problems["statement"] = refused.messages
    if _is_below(outcome.parent, outcome):
        problems["parent"] = [_("An outcome cannot be part of one that is below it.")]
    if problems:
        raise ValidationError(problems)
    outcome.full_clean(exclude=["parent", "framework"])
    with transaction.atomic():
        outcome.save()
        data = {"outcome_id": outcome.pk, "statement": outcome.statement}
        write_audit(actor=actor, action="outcome.saved", object_type="outcome", object_key=outcome.key, data=data)
    return outcome


def _is_below(above: Outcome | None, outcome: Outcome) -> bool:
    while above is not None and outcome.pk:
        if above.pk == outcome.pk:
            return True
        above = above.parent
    return False


def save_framework(*, actor: User | None, framework: Framework) -> Framework:
    """Make or change a framework. Raises ValidationError for a key that is taken or malformed. 3 queries."""
    framework.full_clean()
    with transaction.atomic():
        framework.save()
        write_audit(actor=actor, action="framework.saved", object_type="framework", object_key=framework.key)
    return framework


def save_collection(*, actor: User | None, collection: Collection) -> Collection:
    """Make or change a collection and how strict its gates are. 3 queries.

    Raises ValidationError for a key that is taken, a gate that does not exist or a setting that is none.
    """
    known = {gate.code for gate in all_gates()}
    wrong = sorted(c for c, v in collection.gate_settings.items() if c not in known or v not in SETTINGS)
    if wrong:
        said = _("“%(code)s” is no gate, or its setting is none of off, warn and block.") % {"code": wrong[0]}
        raise ValidationError({"gate_settings": [said]})
    collection.full_clean()
    with transaction.atomic():
        collection.save()
        data = {"collection_id": collection.pk, "gates": collection.gate_settings}
        write_audit(
            actor=actor, action="collection.saved", object_type="collection", object_key=collection.key, data=data
        )
    return collection
