"""What the database itself refuses: another salt for a flag that is there, which would reshuffle everyone."""

from django.db import migrations

SALT = """
CREATE FUNCTION flags_salt_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The salt of flag % never changes: another one would reshuffle who is in.', OLD.name
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER flag_salt_never_changes BEFORE UPDATE OF salt ON flags_flag
    FOR EACH ROW WHEN (NEW.salt IS DISTINCT FROM OLD.salt) EXECUTE FUNCTION flags_salt_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SALT, "DROP TRIGGER flag_salt_never_changes ON flags_flag; DROP FUNCTION flags_salt_never_changes();"
        ),
    ]
