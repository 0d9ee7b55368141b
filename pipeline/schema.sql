-- The tables of a new workspace, schema version 1. Attributes add columns attr_1, attr_2 ... to events and journeys.
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE sources (
    source_id UINTEGER, name VARCHAR, format VARCHAR, bytes UBIGINT, sha256 VARCHAR,
    rows_in UBIGINT, rows_kept UBIGINT, rows_rejected UBIGINT, mapping VARCHAR, ingested_at TIMESTAMP
);
CREATE TABLE attributes (name VARCHAR, level VARCHAR, type VARCHAR, role VARCHAR, "column" VARCHAR);
CREATE TABLE activities (activity UINTEGER, name VARCHAR);
CREATE TABLE events (
    journey_id UINTEGER, position UINTEGER, event_no UBIGINT, activity UINTEGER, time TIMESTAMP, source_id UINTEGER
);
CREATE TABLE journeys (
    journey_id UINTEGER, key VARCHAR, start TIMESTAMP, "end" TIMESTAMP, n_events UINTEGER, variant_id UINTEGER
);
CREATE TABLE variants (variant_id UINTEGER, path UINTEGER[], n_journeys UINTEGER);
CREATE TABLE rejects (source_id UINTEGER, line_no UBIGINT, reason VARCHAR, raw VARCHAR);
