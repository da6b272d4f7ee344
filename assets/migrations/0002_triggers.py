"""What the database itself refuses: changing a version, or what was derived from it, and an outcome inside itself.

TRUNCATE is left alone: only the owner of the tables can do it, and tests empty a database that way.
`assets_rendering` is a cache and `assets_waiver` a record of its own; neither is part of a version.
"""

from django.db import migrations

FROZEN = (
    "assets_version",
    "assets_versioncheck",
    "assets_versionoutcome",
    "assets_versioncheckoutcome",
    "assets_dependency",
    "assets_versionmedia",
)

FUNCTION = """
CREATE FUNCTION assets_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version never changes: % of row % in % refused. Change the draft and save a new version.',
        lower(TG_OP), OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'version_is_immutable';
END $$;
"""

# After the row, so that one UPDATE may rearrange several outcomes; the lock makes two transactions that
# move outcomes under each other wait, since each would see no cycle in its own snapshot.
OUTCOMES = """
CREATE FUNCTION assets_outcome_has_no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('assets_outcome.parent_id'));
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT o.parent_id FROM assets_outcome o JOIN above a ON o.id = a.id WHERE o.parent_id IS NOT NULL
        )
        SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'Outcome % cannot be part of an outcome below itself.', NEW.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_tree_has_no_cycle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outcome_tree_has_no_cycle AFTER INSERT OR UPDATE OF parent_id ON assets_outcome
    FOR EACH ROW EXECUTE FUNCTION assets_outcome_has_no_cycle();
"""


def freeze(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER version_is_immutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION assets_version_is_immutable();",
        f"DROP TRIGGER version_is_immutable ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION assets_version_is_immutable();"),
        *[freeze(table) for table in FROZEN],
        migrations.RunSQL(
            OUTCOMES,
            "DROP TRIGGER outcome_tree_has_no_cycle ON assets_outcome; DROP FUNCTION assets_outcome_has_no_cycle();",
        ),
    ]
