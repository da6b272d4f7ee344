from telemetry.models.figures import Evidence, Rollup, Seen
from telemetry.models.statement import Activity, Actor, Statement, StatementId, TrailMark, Verb

__all__ = ["Activity", "Actor", "Evidence", "Rollup", "Seen", "Statement", "StatementId", "TrailMark", "Verb"]
