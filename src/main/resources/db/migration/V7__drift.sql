-- The drift (docs/decisions/0013): what a night's file told that the facts known by then did not.

create table drift_run (
    run_id      bigint primary key references snapshot_run,
    recorded_at timestamptz not null default clock_timestamp()
);

create table drift (
    run_id       bigint not null references drift_run,
    facility_key integer not null references facility,
    pairs        bigint not null,
    first_pairs  bigint not null,
    differing    bigint not null,
    units_more   bigint not null,
    units_less   bigint not null,
    primary key (run_id, facility_key)
);
comment on column drift.pairs is 'compared; without those that had no base before: first_pairs';
comment on column drift.units_less is '0 or more';

create table drift_pair (
    run_id       bigint not null references drift_run,
    facility_key integer not null,
    product_key  integer not null,
    quantity     integer not null,
    expected     bigint not null,
    since        timestamptz not null,
    shipped      bigint not null,
    primary key (run_id, facility_key, product_key)
);
comment on table drift_pair is 'the largest differences of each facility, of the last nights';
comment on column drift_pair.since is 'as-of of the base before';
comment on column drift_pair.shipped is 'effects of shipments at the run''s as-of less those at the base''s, as known when it was recorded';

-- What came in the last hour, and in the same hour of the weeks before, is found by time.
create index movement_recorded on movement using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);
