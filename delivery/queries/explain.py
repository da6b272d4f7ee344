"""Why a person gets what they get, in words. Speaks of that person only."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from delivery.queries.resolve import Resolved
from delivery.queries.snapshot import OpenRelease, kept_epoch
from flags.engine import FULL, Decision, Reason, Rule, conditions
from flags.engine.bucketing import PER_HUNDREDTH
from flags.queries import Epoch, rule_sentence


def explain(resolved: Resolved) -> str:
    """One sentence: which version, which audience matched, and where the person's bucket lies.

    3 queries at most, for the names of teams and people in the audience.
    """
    release, decision = resolved.release, resolved.decision
    if release.is_baseline:
        return _("v%(number)d, because it is live for everyone.") % {"number": release.number}
    audience = _audience(release)
    if decision.hundredths >= FULL or decision.bucket is None:
        return _("v%(number)d, because it is for: %(audience)s.") % {"number": release.number, "audience": audience}
    return _(
        "v%(number)d, because it is for %(share)s of: %(audience)s. Your bucket is %(bucket)d of 0 to %(limit)d."
    ) % {
        "number": release.number,
        "share": _share(decision.hundredths),
        "audience": audience,
        "bucket": decision.bucket // 1000,
        "limit": decision.hundredths * PER_HUNDREDTH // 1000,
    }


def explain_passed(release: OpenRelease, decision: Decision) -> str:
    """One sentence on why a newer release of the stack passed the person by."""
    words = {
        Reason.KILLED: _("v%(number)d is switched off."),
        Reason.BROKEN: _("v%(number)d is for nobody, because its audience can no longer be read."),
        Reason.OUTSIDE: _("v%(number)d is for others: %(audience)s."),
        Reason.NO_UNIT: _("v%(number)d is given out by share, and this person has no bucket."),
        Reason.ABOVE: _("v%(number)d is for %(share)s of its audience, and this bucket is above it."),
    }
    audience = _audience(release) if decision.reason is Reason.OUTSIDE else ""
    return words[decision.reason] % {
        "number": release.number,
        "audience": audience,
        "share": _share(decision.hundredths),
    }


def because(resolved: Resolved) -> str:
    """The short reason beside an asset in a list, beginning with "Because"."""
    if resolved.release.is_baseline:
        return _("Because it is live for everyone.")
    audience = _audience(resolved.release)
    if resolved.decision.hundredths >= FULL:
        return _("Because it is for: %(audience)s.") % {"audience": audience}
    return _("Because it is for: %(audience)s, and you are in the first %(share)s.") % {
        "audience": audience,
        "share": _share(resolved.decision.hundredths),
    }


def _audience(release: OpenRelease) -> str:
    if release.flag.rule is None:
        return ""
    if any(condition.field.name == "person" for condition in conditions(release.flag.rule)):
        return _("some people by name")  # who else is named is nobody's business here
    return _sentence(release.flag.rule, release.audience, get_language() or "", kept_epoch())


@lru_cache(maxsize=512)
def _sentence(rule: Rule, _text: str, _language: str, _epoch: Epoch | None) -> str:
    """The audience in words. Kept until a flag or an audience changes: a list of assets shares a few of them."""
    return rule_sentence(rule)


def _share(hundredths: int) -> str:
    percent = hundredths / 100
    return f"{percent:g}%"
