"""The one door into the record, as one round trip: `telemetry_store(batch)` (docs/adr/0004).

In one statement, in this order, each step sorted by its key so that two batches never wait for each other in a ring:
ids → evidence → statements → seen → rollups; then the notification, which PostgreSQL sends when the caller commits.
`n` keeps the order within the batch. The steps name the ones before them in a sub-select to fix their order.
"""

from django.db import migrations

STORE = """
CREATE FUNCTION telemetry_store(batch jsonb, dictionary jsonb)
RETURNS TABLE (statement_id uuid, state text) LANGUAGE plpgsql AS $$
DECLARE
    stored_at timestamptz := clock_timestamp();
    fresh_ids uuid[];
    teams bigint[];
    outcomes_moved bigint[];
    versions bigint[];
    payload text;
BEGIN
    IF dictionary IS NOT NULL THEN
        INSERT INTO telemetry_verb (id, iri)
        SELECT d.id, d.iri FROM jsonb_to_recordset(dictionary -> 'verbs') AS d (id uuid, iri text)
        ORDER BY d.id ON CONFLICT DO NOTHING;
        INSERT INTO telemetry_activity (id, iri, type)
        SELECT d.id, d.iri, d.type FROM jsonb_to_recordset(dictionary -> 'activities') AS d (id uuid, iri text, type text)
        ORDER BY d.id ON CONFLICT DO NOTHING;
        INSERT INTO telemetry_actor (id, account, person_id)
        SELECT d.id, d.account, d.person
        FROM jsonb_to_recordset(dictionary -> 'actors') AS d (id uuid, account text, person bigint)
        ORDER BY d.id ON CONFLICT DO NOTHING;
    END IF;

    WITH input AS MATERIALIZED (
        SELECT nextval('telemetry_statement_seq') AS seq, r.* FROM jsonb_to_recordset(batch) AS r (
            n integer, id uuid, hash text, at timestamptz, actor uuid, verb uuid, object uuid, person bigint,
            asset bigint, version bigint, "check" bigint, content text, outcomes bigint[], release bigint, team bigint,
            channel text, kind text, "right" boolean, score double precision, duration double precision,
            claimed boolean, raw text)
    ), fresh AS (
        INSERT INTO telemetry_statement_id AS ledger (id, seq, stored, payload_hash)
        SELECT i.id, i.seq, stored_at, decode(i.hash, 'hex') FROM input i ORDER BY i.id
        ON CONFLICT DO NOTHING
        RETURNING ledger.id
    ), counted AS MATERIALIZED (
        SELECT i.*, row_number() OVER (PARTITION BY i.person, i."check", i.content ORDER BY i.at, i.n) AS turn
        FROM input i JOIN fresh USING (id)
        WHERE i.kind = 'answer' AND NOT i.claimed AND i.person IS NOT NULL AND i.content IS NOT NULL
          AND i."right" IS NOT NULL
    ), tally AS MATERIALIZED (
        SELECT c.person, c."check", c.content, count(*) AS tries, count(*) FILTER (WHERE c."right") AS right_tries,
            (array_agg(c."right" ORDER BY c.turn))[1] AS first_right, min(c.at) AS first_at,
            (array_agg(c."right" ORDER BY c.turn DESC))[1] AS last_right, max(c.at) AS last_at,
            (array_agg(c.version ORDER BY c.turn DESC))[1] AS version,
            min(c.at) FILTER (WHERE c."right") AS first_right_at, max(c.at) FILTER (WHERE c."right") AS last_right_at
        FROM counted c GROUP BY c.person, c."check", c.content
    ), proven AS (
        INSERT INTO telemetry_evidence AS e (
            person_id, check_identity_id, content_hash, version_id, tries, right_tries, first_right, first_at,
            last_right, last_at, first_right_at, last_right_at)
        SELECT t.person, t."check", decode(t.content, 'hex'), t.version, t.tries, t.right_tries, t.first_right, t.first_at,
            t.last_right, t.last_at, t.first_right_at, t.last_right_at
        FROM tally t ORDER BY t.person, t."check", t.content
        ON CONFLICT (person_id, check_identity_id, content_hash) DO UPDATE SET
            tries = e.tries + EXCLUDED.tries,
            right_tries = e.right_tries + EXCLUDED.right_tries,
            first_at = least(e.first_at, EXCLUDED.first_at),
            -- An answer that arrives late is counted, and does not undo a later one.
            last_right = CASE WHEN EXCLUDED.last_at >= e.last_at THEN EXCLUDED.last_right ELSE e.last_right END,
            version_id = CASE WHEN EXCLUDED.last_at >= e.last_at THEN EXCLUDED.version_id ELSE e.version_id END,
            last_at = greatest(e.last_at, EXCLUDED.last_at),
            first_right_at = least(e.first_right_at, EXCLUDED.first_right_at),
            last_right_at = greatest(e.last_right_at, EXCLUDED.last_right_at)
        RETURNING e.person_id, e.check_identity_id, encode(e.content_hash, 'hex') AS content, e.tries
    ), facts AS MATERIALIZED (
        SELECT i.*, (p.tries - t.tries + c.turn)::integer AS attempt
        FROM input i
        JOIN fresh f USING (id)
        LEFT JOIN counted c ON c.id = i.id
        LEFT JOIN tally t ON t.person = c.person AND t."check" = c."check" AND t.content = c.content
        LEFT JOIN proven p ON p.person_id = c.person AND p.check_identity_id = c."check" AND p.content = c.content
    ), written AS (
        INSERT INTO telemetry_statement (
            seq, id, stored, at, actor_id, verb_id, object_id, asset_id, version_id, check_id, release_id, team_id,
            kind, channel, "right", score, duration_s, attempt, claimed, raw)
        SELECT f.seq, f.id, stored_at, f.at, f.actor, f.verb, f.object, f.asset, f.version, f."check", f.release, f.team,
            f.kind, f.channel, f."right", f.score, f.duration, f.attempt, f.claimed, f.raw::json
        FROM facts f ORDER BY f.seq
        RETURNING 1
    ), opened AS (
        INSERT INTO telemetry_seen AS s (person_id, version_id, asset_id, first_at, last_at, views)
        SELECT f.person, f.version, f.asset, min(f.at), max(f.at), count(*)
        FROM facts f
        WHERE f.kind = 'view' AND NOT f.claimed AND f.person IS NOT NULL AND f.version IS NOT NULL
          AND (SELECT count(*) FROM written) > 0
        GROUP BY f.person, f.version, f.asset ORDER BY f.person, f.version
        ON CONFLICT (person_id, version_id) DO UPDATE SET
            first_at = least(s.first_at, EXCLUDED.first_at),
            last_at = greatest(s.last_at, EXCLUDED.last_at),
            views = s.views + EXCLUDED.views
        RETURNING 1
    ), moved AS (
        INSERT INTO telemetry_rollup AS r (
            version_id, check_identity_id, outcome_id, team_id, channel, day, views, clicks, answers, "right",
            first_answers, first_right, useful, not_useful, review_flags, claims)
        SELECT f.version, g."check", g.outcome, f.team, f.channel, (f.at AT TIME ZONE 'UTC')::date AS day,
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'view'),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'click'),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'answer'),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'answer' AND f."right"),
            count(*) FILTER (WHERE f.attempt = 1),
            count(*) FILTER (WHERE f.attempt = 1 AND f."right"),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'rating' AND f.score >= 0.5),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'rating' AND f.score < 0.5),
            count(*) FILTER (WHERE NOT f.claimed AND f.kind = 'flag'),
            count(*) FILTER (WHERE f.claimed)
        FROM facts f CROSS JOIN LATERAL (
            SELECT NULL::bigint AS "check", NULL::bigint AS outcome
            UNION ALL SELECT f."check", NULL WHERE f.kind = 'answer' AND NOT f.claimed AND f."check" IS NOT NULL
            UNION ALL SELECT NULL, o FROM unnest(f.outcomes) o WHERE f.kind = 'answer' AND NOT f.claimed
        ) g
        WHERE f.kind <> 'other' AND f.version IS NOT NULL AND (SELECT count(*) FROM opened) >= 0
        GROUP BY f.version, g."check", g.outcome, f.team, f.channel, day
        ORDER BY f.version, g."check", g.outcome, f.team, f.channel, day
        ON CONFLICT (version_id, check_identity_id, outcome_id, team_id, channel, day) DO UPDATE SET
            views = r.views + EXCLUDED.views,
            clicks = r.clicks + EXCLUDED.clicks,
            answers = r.answers + EXCLUDED.answers,
            "right" = r."right" + EXCLUDED."right",
            first_answers = r.first_answers + EXCLUDED.first_answers,
            first_right = r.first_right + EXCLUDED.first_right,
            useful = r.useful + EXCLUDED.useful,
            not_useful = r.not_useful + EXCLUDED.not_useful,
            review_flags = r.review_flags + EXCLUDED.review_flags,
            claims = r.claims + EXCLUDED.claims
        RETURNING r.version_id, r.team_id, r.outcome_id
    )
    SELECT (SELECT array_agg(f.id) FROM fresh f),
        (SELECT array_agg(DISTINCT m.team_id) FROM moved m WHERE m.team_id IS NOT NULL),
        (SELECT array_agg(DISTINCT m.outcome_id) FROM moved m WHERE m.outcome_id IS NOT NULL),
        (SELECT array_agg(DISTINCT m.version_id) FROM moved m)
    INTO fresh_ids, teams, outcomes_moved, versions;

    IF versions IS NOT NULL THEN
        payload := json_build_object(
            'versions', versions, 'teams', coalesce(teams, '{}'), 'outcomes', coalesce(outcomes_moved, '{}'))::text;
        -- A payload has less than 8,000 bytes; "many" says: look at everything.
        PERFORM pg_notify('learningops_rollup', CASE WHEN octet_length(payload) < 7900 THEN payload ELSE '{"many": true}' END);
    END IF;

    RETURN QUERY SELECT f.id, 'stored' FROM unnest(fresh_ids) AS f (id);
    IF coalesce(cardinality(fresh_ids), 0) < jsonb_array_length(batch) THEN
        -- A statement of its own: only now is a row visible that another session committed while we waited for its id.
        RETURN QUERY
        SELECT l.id, CASE WHEN l.payload_hash = decode(i.hash, 'hex') THEN 'skipped' ELSE 'conflict' END
        FROM jsonb_to_recordset(batch) AS i (id uuid, hash text)
        JOIN telemetry_statement_id l ON l.id = i.id
        WHERE l.id <> ALL (coalesce(fresh_ids, '{}'));
    END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("telemetry", "0002_record")]

    operations = [
        migrations.RunSQL(STORE, "DROP FUNCTION telemetry_store;"),
        migrations.RunSQL(
            "INSERT INTO telemetry_trailmark (id, transaction_id, entry_id) VALUES (1, 0, 0) ON CONFLICT DO NOTHING;",
            migrations.RunSQL.noop,
        ),
    ]
