-- Facts in, figure out (docs/decisions/0001): nothing here is overwritten by a reset;
-- the figure of a pair is a function of these tables (R__figures.sql).

-- catalog ---------------------------------------------------------------------------------------

create table facility (
    facility_key integer generated always as identity primary key,
    facility_id  text not null unique,
    name         text not null
);

create table product (
    product_key  integer generated always as identity primary key,
    product_id   text not null unique,
    name         text not null,
    active       boolean not null,
    safety_stock integer not null default 0 check (safety_stock >= 0),
    unit_price   numeric(12, 2) check (unit_price >= 0)
);
create index product_active on product (product_key) where active;

-- A value may name two products: it is then ambiguous, and every use of it an error.
create table identification (
    id_type     text not null,
    id_value    text not null,
    product_key integer not null references product,
    primary key (id_type, id_value, product_key)
);
create index identification_product on identification (product_key);

-- The movements name facilities and products for ever without a foreign key: to check it took as long as a third of
-- recording a sale, and their keys come from these very tables in the statement that writes them.
create function stays() returns trigger language plpgsql as $$
begin
    raise exception 'A % stays for ever: facts name it', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger facility_stays before delete or update of facility_key or truncate on facility
    for each statement execute function stays();
create trigger product_stays before delete or update of product_key or truncate on product
    for each statement execute function stays();

-- movements: sales, returns, adjustments; append-only, each once for ever (R8) --------------------

create table movement (
    entry_id     bigint generated always as identity primary key,
    facility_id  text not null,
    event_id     text not null,
    fingerprint  uuid not null,
    id_type      text not null,
    id_value     text not null,
    facility_key integer,
    product_key  integer,
    quantity     integer not null check (quantity <> 0),
    reason       text not null,
    comments     text,
    till_id      text,
    sequence     bigint,
    occurred_at  timestamptz not null,
    booked_at    timestamptz not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    first_status text not null check (first_status in ('APPLIED', 'ABSORBED', 'QUARANTINED')),
    unique (facility_id, event_id)
);
comment on column movement.facility_key is 'null while the facility is unknown: in quarantine (R11)';
comment on column movement.product_key is 'null while the product is unknown: in quarantine (R11)';
create index movement_pair on movement (facility_key, product_key, booked_at) include (quantity);
create index movement_quarantine on movement (id_type, id_value) where facility_key is null or product_key is null;
create index movement_facility on movement (facility_id, entry_id);

-- The movements of a pair, summed up by the hour (UTC) in which they were booked: written in the transaction that
-- records a movement, or releases it from quarantine. The equation reads whole hours after its base from here.
create table movement_sum (
    facility_key integer not null,
    product_key  integer not null,
    hour         timestamptz not null,
    quantity     bigint not null,
    primary key (facility_key, product_key, hour)
) with (fillfactor = 70);

-- The sequence numbers that a till has told: what lies between them is missing.
create table till (
    facility_id  text not null,
    till_id      text not null,
    received     int8multirange not null,
    watched_from bigint not null default 0,
    told_at      timestamptz not null default clock_timestamp(),
    primary key (facility_id, till_id)
);
comment on column till.watched_from is 'gaps below are given up: a till has at most 1,000';

-- fulfilment: what was shipped, and what of it Retail Pro has in its books --------------------------

create table fulfilment_fact (
    fact_id          bigint generated always as identity primary key,
    kind             text not null check (kind in ('SHIPPED', 'ACKNOWLEDGED', 'TRANSFER_SLIP')),
    shipment_id      text not null,
    item_seq_id      text not null,
    revision         integer not null check (revision >= 0),
    fingerprint      uuid not null,
    facility_id      text,
    id_type          text,
    id_value         text,
    quantity         integer check (quantity >= 0),
    at               timestamptz,
    recorded_at      timestamptz not null default clock_timestamp(),
    unique (shipment_id, item_seq_id, kind, revision)
);
comment on table fulfilment_fact is 'every message as it came; the highest revision out of quarantine counts (R11, R15)';
comment on column fulfilment_fact.at is 'shippedAt, acknowledgedAt (null: withdrawn), transferSlipAt';

create table shipment (
    shipment_id  text primary key,
    facility_id  text not null,
    facility_key integer references facility,
    shipped_at   timestamptz not null
);
create index shipment_quarantine on shipment (facility_id) where facility_key is null;

-- The newest word on each shipment item, as the equation reads it.
create table shipment_item (
    shipment_id           text not null references shipment,
    item_seq_id           text not null,
    id_type               text not null,
    id_value              text not null,
    facility_key          integer references facility,
    product_key           integer references product,
    shipped_at            timestamptz not null,
    quantity              integer not null check (quantity >= 0),
    revision              integer not null,
    acknowledged_at       timestamptz,
    acknowledged_quantity integer not null default 0 check (acknowledged_quantity between 0 and quantity),
    invoiced_facility_id  text,
    invoiced_facility_key integer references facility,
    transfer_slip_at      timestamptz,
    acknowledgement_revision integer,
    waiting               boolean not null default false,
    -- Retail Pro's figure of the shipping facility lacks the acknowledged part from here on (R7, R14).
    released_at           timestamptz not null generated always as (
        case when acknowledged_at is null then 'infinity'
             when invoiced_facility_id is null then acknowledged_at
             when invoiced_facility_key is null then 'infinity' -- invoiced at an unknown facility: in quarantine
             else coalesce(transfer_slip_at, 'infinity') end) stored,
    primary key (shipment_id, item_seq_id)
);
comment on column shipment_item.waiting is 'a revision that would count instead is in quarantine (R11, R15)';
create index shipment_item_acknowledged on shipment_item (facility_key, product_key, released_at)
    include (acknowledged_quantity) where acknowledged_quantity > 0;
create index shipment_item_open on shipment_item (facility_key, product_key)
    include (quantity, acknowledged_quantity) where acknowledged_quantity < quantity;
create index shipment_item_pair on shipment_item (facility_key, product_key);
create index shipment_item_elsewhere on shipment_item (invoiced_facility_key, product_key)
    where invoiced_facility_id is not null;
create index shipment_item_waiting on shipment_item (shipment_id) where waiting;
create index shipment_item_released on shipment_item (released_at);
create index shipment_item_quarantine on shipment_item (id_type, id_value)
    where facility_key is null or product_key is null
       or (invoiced_facility_id is not null and invoiced_facility_key is null);

-- snapshots: Retail Pro's figures as of a moment ---------------------------------------------------

-- Where lines lie: a big run has a part of its own, small ones share one until it is full or a day old.
create table snapshot_part (
    part      integer generated always as identity primary key,
    shared    boolean not null,
    lines     bigint not null,
    opened_at timestamptz not null default clock_timestamp()
);

create table snapshot_run (
    run_id          bigint generated always as identity (maxvalue 2147483647) primary key,
    kind            text not null check (kind in ('NIGHTLY', 'FEED')),
    business_date   date,
    as_of           timestamptz not null,
    source_name     text not null,
    source_sha256   text not null,
    filtered_name   text,
    filtered_sha256 text,
    variance_name   text,
    variance_sha256 text,
    state           text not null check (state in ('PREPARED', 'HELD', 'APPLIED', 'REFUSED', 'ABANDONED', 'UNDONE')),
    final           boolean not null default false check (not final or state in ('APPLIED', 'UNDONE')),
    part            integer references snapshot_part,
    variance        text check (variance in ('PENDING', 'RECORDED', 'DROPPED')),
    variance_at     timestamptz,
    rows            bigint not null default 0,
    lines           bigint not null default 0,
    rejects         bigint not null default 0,
    stale           bigint not null default 0,
    repeats         bigint not null default 0,
    bytes           bigint,
    seconds         double precision,
    units           bigint,
    zeros           bigint,
    facilities      integer[],
    reason          text,
    approved        boolean not null default false,
    variance_approved boolean not null default false,
    created_at      timestamptz not null default clock_timestamp(),
    applied_at      timestamptz,
    undone_at       timestamptz,
    check (kind = 'FEED' or business_date is not null)
);
-- Two runs are the same if SHA-256 and as-of are equal (R10).
create unique index snapshot_run_once on snapshot_run (source_sha256, as_of) where state = 'APPLIED';
-- An attempt that was killed is found again by the next one with the same file.
create index snapshot_run_prepared on snapshot_run (source_sha256, as_of) where state = 'PREPARED';
create index snapshot_run_business_date on snapshot_run (business_date);
create index snapshot_run_in_force on snapshot_run (as_of) where state = 'APPLIED';
create index snapshot_run_undoable on snapshot_run (as_of) where state in ('APPLIED', 'UNDONE') and not final;
create index snapshot_run_part on snapshot_run (part) where part is not null;
create index snapshot_run_pending on snapshot_run (run_id) where state = 'APPLIED' and variance <> 'RECORDED';

comment on column snapshot_run.final is 'too many newer runs are applied: it cannot be undone any more (R13), and if it was, that is history';
comment on column snapshot_run.bytes is 'of its file as it arrived';
comment on column snapshot_run.seconds is 'that its file was worked on';
comment on column snapshot_run.part is 'where its lines lie; null: it has none yet, or they are no longer needed';
comment on column snapshot_run.reason is 'why it is held, refused, approved or undone';
comment on column snapshot_run.facilities is 'keys of the facilities its lines are of, for the plausibility gate (R12)';

-- The filtered file as written: should somebody edit the one on the server, this one counts (R12).
create table snapshot_file (
    run_id bigint primary key references snapshot_run,
    gzip   bytea not null
);

-- Loaded beside the traffic, and in force the moment their run is APPLIED. The run's as-of stands with each line, so that
-- a pair's base is the first of its lines.
create table snapshot_line (
    as_of        timestamptz not null,
    part         integer not null,
    facility_key integer not null,
    product_key  integer not null,
    run_id       integer not null,
    quantity     integer not null,
    line         integer not null
) partition by list (part);
create index snapshot_line_base on snapshot_line (facility_key, product_key, as_of desc);

-- Lines of parts that are gone, of pairs that no newer final run has a line of.
create table snapshot_line_kept partition of snapshot_line for values in (0);
create unique index snapshot_line_kept_pair on snapshot_line_kept (facility_key, product_key);

create table snapshot_reject (
    run_id      bigint not null references snapshot_run,
    line        bigint not null,
    column_name text not null,
    value       text not null,
    reason      text not null
);
create index snapshot_reject_run on snapshot_reject (run_id, line);

-- What this run's cycle has in its variance file (R2, R3): one line a shipment item and facility.
create table variance_line (
    run_id       bigint not null references snapshot_run,
    shipment_id  text not null,
    item_seq_id  text not null,
    facility_key integer not null references facility,
    product_key  integer not null references product,
    quantity     integer not null check (quantity <> 0),
    primary key (run_id, shipment_id, item_seq_id, facility_key)
);

-- what downstream was told ------------------------------------------------------------------------

create table published_inventory (
    facility_key integer not null references facility,
    product_key  integer not null references product,
    on_hand      bigint not null,
    withheld     bigint not null,
    available    bigint not null check (available >= 0),
    version      bigint not null,
    published_at timestamptz not null,
    primary key (facility_key, product_key)
);

-- the nights --------------------------------------------------------------------------------------

create table cycle (
    business_date date primary key,
    created_at    timestamptz not null default clock_timestamp()
);

create table cycle_step (
    business_date date not null references cycle,
    step          text not null check (step in ('list', 'filter', 'reset', 'variance')),
    state         text not null
        check (state in ('PLANNED', 'WAITING', 'RUNNING', 'HELD', 'DONE', 'FAILED', 'DROPPED')),
    run_id        bigint references snapshot_run,
    attempt       integer not null default 0,
    failures      integer not null default 0,
    retry_at      timestamptz,
    fence         bigint not null default 0,
    claimed_by    text,
    lease_until   timestamptz,
    started_at    timestamptz,
    finished_at   timestamptz,
    rows          bigint,
    kept          bigint,
    rejects       bigint,
    bytes         bigint,
    reason        text,
    lacks_file    boolean not null default false,
    working_since timestamptz,
    progress_bytes       bigint,
    progress_total_bytes bigint,
    progress_rows        bigint,
    progress_since       timestamptz,
    progress_at          timestamptz,
    primary key (business_date, step)
);
comment on column cycle_step.lacks_file is 'it waits, or has failed, for want of a file that is there as a whole';
comment on column cycle_step.working_since is 'when its file was complete: its seconds count from here';
create index cycle_step_moving on cycle_step (state) where state in ('WAITING', 'RUNNING', 'FAILED');
comment on column cycle_step.failures is 'one after the other, since it was asked for';
comment on column cycle_step.retry_at is 'when a failed step is tried again; null: an operator must see to it';

create table cycle_file (
    business_date date not null,
    step          text not null,
    position      integer not null,
    name          text not null,
    folder        text not null,
    sha256        text not null,
    bytes         bigint not null,
    primary key (business_date, step, position),
    foreign key (business_date, step) references cycle_step
);

-- The list as written: any node renders the identical file.
create table active_list (
    business_date date primary key references cycle,
    sha256        text not null,
    entries       bigint not null,
    gzip          bytea not null
);

-- the frequent feed ------------------------------------------------------------------------------

-- One node at a time looks into a feed's folder. A claim has a lease and a fencing token; all times
-- are the database's.
create table feed_lease (
    name        text primary key,
    claimed_by  text,
    fence       bigint not null default 0,
    lease_until timestamptz,
    polled_at   timestamptz not null default '-infinity'
);
comment on column feed_lease.name is 'the folder';
comment on column feed_lease.lease_until is 'null: nobody is looking';

-- access ------------------------------------------------------------------------------------------

create table api_key (
    key_id       integer generated always as identity primary key,
    name         text not null,
    key_sha256   bytea not null unique,
    hint         text not null,              -- the first characters, to tell keys apart; far too few to guess from
    role         text not null check (role in ('pos', 'integration', 'operator', 'admin')),
    facilities   text[] not null default '{}', -- external ids: a store may call before it is known
    rate_limit   integer check (rate_limit > 0),
    created_by   text not null,
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    revoked_by   text,
    check ((role = 'pos') = (cardinality(facilities) > 0))
);
create index on api_key (name) where revoked_at is null;
