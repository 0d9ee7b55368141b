-- The tables of a new workspace, schema version 2. Attributes add columns attr_1, attr_2 ... to events and journeys.
-- Events lie sorted by journey, time and input order: the row of an event is its place, and a journey has the places
-- from first_place on. Where journeys are defined so that the rows as they were recorded cannot be told from them, those
-- stand in a table `recorded`, what joined persons in tables `kept_...`, and the ids of a file that links them in `id_table`. activity_counts, edges, calendar and silence are those of the whole log.
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE sources (
    source_id UINTEGER, name VARCHAR, format VARCHAR, bytes UBIGINT, sha256 VARCHAR,
    rows_in UBIGINT, rows_kept UBIGINT, rows_rejected UBIGINT, mapping VARCHAR, ingested_at TIMESTAMP
);
CREATE TABLE attributes (name VARCHAR, level VARCHAR, type VARCHAR, role VARCHAR, "column" VARCHAR);
CREATE TABLE source_attributes (source_id UINTEGER, name VARCHAR, type VARCHAR, role VARCHAR, place UINTEGER);
CREATE TABLE activities (activity UINTEGER, name VARCHAR);
CREATE TABLE events (
    journey_id UINTEGER, event_no UBIGINT, activity UINTEGER, time TIMESTAMP, source_id UINTEGER
);
CREATE TABLE journeys (
    journey_id UINTEGER, key VARCHAR, start TIMESTAMP, "end" TIMESTAMP, n_events UINTEGER, first_place UBIGINT,
    variant_id UINTEGER
);
CREATE TABLE variants (variant_id UINTEGER, path UINTEGER[], n_journeys UINTEGER);
CREATE TABLE rejects (source_id UINTEGER, line_no UBIGINT, reason VARCHAR, raw VARCHAR);
CREATE TABLE activity_counts (activity UINTEGER, n_events BIGINT, n_journeys BIGINT, n_start BIGINT, n_end BIGINT);
CREATE TABLE edges (
    source UINTEGER, target UINTEGER, n BIGINT, n_journeys BIGINT, wait_median_s DOUBLE, wait_p95_s DOUBLE,
    wait_total_s DOUBLE, wait_median_low_s DOUBLE, wait_median_high_s DOUBLE, n_waits BIGINT
);
CREATE TABLE calendar (day TIMESTAMP, n_events BIGINT, n_started BIGINT);
CREATE TABLE silence (gap_s DOUBLE);
