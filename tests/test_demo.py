"""The demo loads, is complete, and leaves no page empty."""

import pytest

from learningops.demo.load import load_demo


@pytest.mark.django_db
def test_loads_once() -> None:
    print(load_demo())
    assert "Nothing was changed" in load_demo()
    from collections import Counter
    from people.models import Team
    from assets.models import Outcome, Version, Suggestion, ReviewFlag
    from delivery.models import Release
    from telemetry.queries.outcomes import outcome_map
    from telemetry.queries.withhold import withhold_cells
    from delivery.queries.stack import decided_sql
    from assets.actions.suggestions import MergeConflicts, accept_suggestion

    teams = {t.pk: t.key for t in Team.objects.all()}
    outs = {o.pk: o.key for o in Outcome.objects.filter(is_group=False)}
    live = list(Release.objects.filter(state="open").values_list("version_id", flat=True))
    m = outcome_map(outs, {t: [t] for t in teams}, versions=live)
    shown = withhold_cells(m)
    for o in outs:
        print(
            f"{outs[o]:28}",
            *[
                f"{teams[t]}:{m[o, t].state.value if (o, t) in shown else 'WITHHELD'}({m[o, t].able}/{m[o, t].people}) "
                for t in teams
            ],
        )
    print(Counter(c.state.value for c in m.values()))
    for v in Version.objects.order_by("asset__key", "number").select_related("asset"):
        if v.number > 1:
            print(v.asset.key, v.number, v.change_class, v.change_reasons)
    for r in Release.objects.select_related("version"):
        print(r.version, r.state, r.released_at.date()) if r.released_at.year else 0
    for s in Suggestion.objects.all():
        print(s, s.state, s.reviewer, s.created_at.date(), s.due)
    print(ReviewFlag.objects.count())
