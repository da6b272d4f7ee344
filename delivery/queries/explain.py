"""Why a person gets what they get, in words. Speaks of that person only."""

from django.utils.translation import gettext as _

from delivery.queries.resolve import Resolved
from delivery.queries.snapshot import OpenRelease
from flags.engine import FULL, Decision, Reason
from flags.engine.bucketing import PER_HUNDREDTH
from flags.queries import rule_sentence


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
    return _("v%(number)d, because it is for %(share)s of: %(audience)s. Your bucket is %(bucket)d of 0 to %(limit)d.") % {
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


def _audience(release: OpenRelease) -> str:
    rule = release.flag.rule
    return "" if rule is None else rule_sentence(rule)


def _share(hundredths: int) -> str:
    percent = hundredths / 100
    return f"{percent:g}%"
