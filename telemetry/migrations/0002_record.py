"""The record: the ledger of ids and the statements, partitioned by month; append-only in the database itself.

Rows go to the partition of the month they are stored in. Partitions are made ahead; a month nobody made lands in the
default partition, and is moved out of it when its partition is made: a statement is never refused for want of one.
TRUNCATE is left alone: only the owner of the tables can do it, and tests empty a database that way.
"""

from django.db import migrations, models

import telemetry.models.statement

TABLES = """
CREATE SEQUENCE telemetry_statement_seq;
CREATE TABLE telemetry_statement_id (
    id uuid PRIMARY KEY,
    seq bigint NOT NULL,
    stored timestamptz NOT NULL,
    payload_hash bytea NOT NULL CHECK (length(payload_hash) = 32)
);
CREATE TABLE telemetry_statement (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    stored timestamptz NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    verb_id uuid NOT NULL,
    object_id uuid NOT NULL,
    asset_id bigint,
    version_id bigint,
    check_id bigint,
    release_id bigint,
    team_id bigint,
    score double precision CHECK (score BETWEEN -1 AND 1),
    duration_s double precision,
    attempt integer CHECK (attempt >= 1),
    "right" boolean,
    claimed boolean NOT NULL,
    kind text NOT NULL CHECK (kind IN ('view', 'click', 'answer', 'rating', 'flag', 'other')),
    channel text NOT NULL,
    raw json NOT NULL,
    CONSTRAINT statement_claims_never_count CHECK (attempt IS NULL OR NOT claimed),
    PRIMARY KEY (stored, seq)  -- the order statements are read in, page after page
) PARTITION BY RANGE (stored);
CREATE INDEX statement_by_actor ON telemetry_statement (actor_id, stored);
CREATE INDEX statement_by_object ON telemetry_statement (object_id, stored);
-- Item analysis and "able over time" read the counted answers to one check; views are not in it.
CREATE INDEX statement_answers ON telemetry_statement (check_id, at) WHERE attempt IS NOT NULL;
CREATE TABLE telemetry_statement_default PARTITION OF telemetry_statement DEFAULT;
"""

DROP = "DROP TABLE telemetry_statement; DROP TABLE telemetry_statement_id; DROP SEQUENCE telemetry_statement_seq;"

APPEND_ONLY = """
CREATE FUNCTION telemetry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The record is append-only: % of statement % refused.', lower(TG_OP), OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'record_is_append_only';
END $$;
CREATE TRIGGER record_is_append_only BEFORE UPDATE OR DELETE ON telemetry_statement_id
    FOR EACH ROW EXECUTE FUNCTION telemetry_is_append_only();
CREATE TRIGGER record_is_append_only BEFORE UPDATE OR DELETE ON telemetry_statement
    FOR EACH ROW EXECUTE FUNCTION telemetry_is_append_only();
"""

# The trigger of the default partition is put aside while rows move out of it; only the tables' owner can do that.
PARTITIONS = """
CREATE FUNCTION telemetry_make_partition(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    name text := 'telemetry_statement_' || to_char(month, 'YYYY_MM');
    low timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
    high timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('telemetry_make_partition'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE telemetry_statement INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    LOCK TABLE telemetry_statement_default IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT 1 FROM telemetry_statement_default d WHERE d.stored >= low AND d.stored < high) THEN
        ALTER TABLE telemetry_statement_default DISABLE TRIGGER record_is_append_only;
        EXECUTE format(
            'WITH moved AS (DELETE FROM telemetry_statement_default WHERE stored >= $1 AND stored < $2 RETURNING *)
             INSERT INTO %I SELECT * FROM moved', name) USING low, high;
        ALTER TABLE telemetry_statement_default ENABLE TRIGGER record_is_append_only;
    END IF;
    EXECUTE format('ALTER TABLE telemetry_statement ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, low, high);
    RETURN true;
END $$;
SELECT telemetry_make_partition((date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m))::date)
FROM generate_series(-1, 2) m;
"""

STATE = [
    migrations.CreateModel(
        name='Statement',
        fields=[
            ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
            ('id', models.UUIDField()),
            ('stored', models.DateTimeField()),
            ('at', models.DateTimeField()),
            ('actor_id', models.UUIDField()),
            ('verb_id', models.UUIDField()),
            ('object_id', models.UUIDField()),
            ('asset_id', models.BigIntegerField(null=True)),
            ('version_id', models.BigIntegerField(null=True)),
            ('check_id', models.BigIntegerField(null=True)),
            ('release_id', models.BigIntegerField(null=True)),
            ('team_id', models.BigIntegerField(null=True)),
            ('kind', models.CharField(max_length=8)),
            ('channel', models.CharField(max_length=20)),
            ('right', models.BooleanField(null=True)),
            ('score', models.FloatField(null=True)),
            ('duration_s', models.FloatField(null=True)),
            ('attempt', models.IntegerField(null=True)),
            ('claimed', models.BooleanField()),
            ('raw', telemetry.models.statement.ExactJSONField()),
        ],
        options={
            'db_table': 'telemetry_statement',
        },
    ),
    migrations.CreateModel(
        name='StatementId',
        fields=[
            ('id', models.UUIDField(primary_key=True, serialize=False)),
            ('seq', models.BigIntegerField()),
            ('stored', models.DateTimeField()),
            ('payload_hash', models.BinaryField(max_length=32)),
        ],
        options={
            'db_table': 'telemetry_statement_id',
        },
    ),
]


class Migration(migrations.Migration):

    dependencies = [("telemetry", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=STATE,
            database_operations=[
                migrations.RunSQL(TABLES, DROP),
                migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION telemetry_is_append_only CASCADE;"),
                migrations.RunSQL(PARTITIONS, "DROP FUNCTION telemetry_make_partition;"),
            ],
        ),
    ]
