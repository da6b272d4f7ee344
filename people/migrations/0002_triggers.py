"""What the database itself refuses: rewriting the audit trail, and a team inside its own subtree.

TRUNCATE is left alone: only the owner of the tables can do it, and tests empty a database that way.
"""

from django.db import migrations

AUDIT = """
CREATE FUNCTION people_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % of entry % refused.', lower(TG_OP), OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION people_audit_is_append_only();
"""

# After the statement, so that one UPDATE may rearrange several teams. The advisory lock makes two
# transactions that move teams under each other wait: each would see no cycle in its own snapshot.
TEAMS = """
CREATE FUNCTION people_team_has_no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('people_team.parent_id'));
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT t.parent_id FROM people_team t JOIN above a ON t.id = a.id WHERE t.parent_id IS NOT NULL
        )
        SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'Team % cannot be part of a team below itself.', NEW.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'team_tree_has_no_cycle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER team_tree_has_no_cycle AFTER INSERT OR UPDATE OF parent_id ON people_team
    FOR EACH ROW EXECUTE FUNCTION people_team_has_no_cycle();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            AUDIT,
            "DROP TRIGGER audit_append_only ON people_auditentry; DROP FUNCTION people_audit_is_append_only();",
        ),
        migrations.RunSQL(
            TEAMS,
            "DROP TRIGGER team_tree_has_no_cycle ON people_team; DROP FUNCTION people_team_has_no_cycle();",
        ),
    ]
