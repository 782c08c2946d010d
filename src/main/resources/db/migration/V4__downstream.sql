-- Downstream (docs/decisions/0008): who changes a fact leaves a mark in the same transaction; one publisher takes the
-- marks, computes the figures when it writes, and gives each change a version. R__downstream.sql has the publisher.

-- Marks: append-only, so that writers never meet. Triggers leave them, so that no way of writing a fact can forget to.
create table dirty_pair (
    mark          bigint generated always as identity primary key,
    facility_keys integer[] not null,
    product_keys  integer[] not null,
    marked_at     timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
comment on table dirty_pair is 'pairs whose facts changed, at most 1,000 a row; taken first';

create table dirty_bulk (
    mark           bigint generated always as identity primary key,
    run_id         bigint,
    product_keys   integer[],
    facility_keys  integer[],
    anew           boolean not null default false,
    after_facility integer not null default 0,
    after_product  integer not null default 0,
    marked_at      timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);
comment on table dirty_bulk is 'all pairs of a run, of products, of facilities, or (all null) that were published; taken in chunks, after the pairs';
comment on column dirty_bulk.anew is 'give every pair a new version, changed or not';
comment on column dirty_bulk.after_facility is 'the last pair taken';

-- one row a pair, whatever happens; its newest change lies in one of two lanes, so that a sale overtakes a bulk
alter table published_inventory add column bulk boolean not null;
create unique index published_inventory_version on published_inventory (bulk, version);
create index published_inventory_product on published_inventory (product_key, facility_key);
create sequence published_version;

create table publication (
    one      boolean primary key default true check (one),
    cluster  text,
    taken_at timestamptz
);
insert into publication default values;
comment on column publication.cluster is 'the database server''s identity and timeline: after a failover or a restore, versions may have been told that are lost here';

-- Marks pairs, two arrays of equal length: each once, without those whose facility or product is not known yet.
create function mark_pairs(facilities integer[], products integer[]) returns void language sql as $$
    insert into dirty_pair (facility_keys, product_keys)
    select array_agg(facility_key), array_agg(product_key)
    from (select facility_key, product_key, (row_number() over () - 1) / 1000 as chunk
          from (select distinct facility_key, product_key from unnest(facilities, products) u(facility_key, product_key)
                where facility_key is not null and product_key is not null) d) c
    group by chunk
$$;

create function mark_movements() returns trigger language plpgsql as $$
begin
    perform mark_pairs(array_agg(facility_key), array_agg(product_key)) from new_rows;
    if tg_op = 'UPDATE' then
        perform mark_pairs(array_agg(facility_key), array_agg(product_key))
        from (select facility_key, product_key from old_rows except select facility_key, product_key from new_rows) left_behind;
    end if;
    return null;
end $$;
create trigger mark_recorded after insert on movement
    referencing new table as new_rows for each statement execute function mark_movements();
create trigger mark_released after update on movement
    referencing old table as old_rows new table as new_rows for each statement execute function mark_movements();

-- A shipment item counts at the facility that shipped it and at the one that invoiced it (R14).
create function mark_shipment_items() returns trigger language plpgsql as $$
begin
    perform mark_pairs(array_agg(facility_key) || array_agg(invoiced_facility_key),
                       array_agg(product_key) || array_agg(product_key))
    from new_rows;
    if tg_op = 'UPDATE' then
        perform mark_pairs(array_agg(facility_key) || array_agg(invoiced_facility_key),
                           array_agg(product_key) || array_agg(product_key))
        from (select facility_key, invoiced_facility_key, product_key from old_rows
              except select facility_key, invoiced_facility_key, product_key from new_rows) left_behind;
    end if;
    return null;
end $$;
create trigger mark_shipped after insert on shipment_item
    referencing new table as new_rows for each statement execute function mark_shipment_items();
create trigger mark_corrected after update on shipment_item
    referencing old table as old_rows new table as new_rows for each statement execute function mark_shipment_items();

-- Only the products: a pair that another transaction publishes meanwhile would not be seen here.
create function mark_safety_stock() returns trigger language plpgsql as $$
begin
    insert into dirty_bulk (product_keys)
    select array_agg(n.product_key)
    from new_rows n join old_rows o using (product_key)
    where n.safety_stock <> o.safety_stock
    having count(*) > 0;
    return null;
end $$;
create trigger mark_safety_stock after update on product
    referencing old table as old_rows new table as new_rows for each statement execute function mark_safety_stock();

-- A run that takes force or is undone is one mark, however many its lines.
create function mark_run() returns trigger language plpgsql as $$
begin
    insert into dirty_bulk (run_id) values (new.run_id);
    return null;
end $$;
create trigger mark_run_born after insert on snapshot_run
    for each row when (new.state = 'APPLIED') execute function mark_run();
create trigger mark_run after update on snapshot_run
    for each row when (old.state <> new.state and 'APPLIED' in (old.state, new.state)) execute function mark_run();

create function mark_variance() returns trigger language plpgsql as $$
begin
    perform mark_pairs(array_agg(facility_key), array_agg(product_key)) from variance_line where run_id = new.run_id;
    return null;
end $$;
create trigger mark_variance after update on snapshot_run
    for each row when (old.variance is distinct from new.variance and new.state = 'APPLIED')
    execute function mark_variance();

-- What stood here before anybody published: all of it.
insert into dirty_bulk (run_id) select run_id from snapshot_run where state = 'APPLIED';
select mark_pairs(array_agg(facility_key), array_agg(product_key))
from (select facility_key, product_key from movement
      union select facility_key, product_key from shipment_item
      union select invoiced_facility_key, product_key from shipment_item
      union select facility_key, product_key from variance_line) told;

-- channels ----------------------------------------------------------------------------------------

create table channel (
    channel_key    integer generated always as identity primary key,
    name           text not null unique,
    safety_units   integer not null default 0 check (safety_units >= 0),
    safety_percent integer not null default 0 check (safety_percent between 0 and 100)
);

-- A facility that was taken out stays, without effect: the products it had are told anew.
create table channel_facility (
    channel_key  integer not null references channel on delete cascade,
    facility_key integer not null references facility,
    member       boolean not null default true,
    primary key (channel_key, facility_key)
);

-- webhooks ----------------------------------------------------------------------------------------

create table webhook (
    webhook_id      bigint generated always as identity primary key,
    url             text not null,
    target          text not null default 'webhook' check (target in ('webhook', 'shopify')),
    channel_key     integer references channel,
    secret          text not null,
    former_secret   text,
    former_until    timestamptz,
    state           text not null default 'ACTIVE' check (state in ('ACTIVE', 'PAUSED', 'DISABLED')),
    reason          text,
    urgent          bigint not null default 0,
    bulk            bigint not null default 0,
    failures        integer not null default 0,
    failing_since   timestamptz,
    retry_at        timestamptz not null default '-infinity',
    last_success_at timestamptz,
    delivered       bigint not null default 0,
    claimed_by      text,
    fence           bigint not null default 0,
    lease_until     timestamptz,
    created_at      timestamptz not null default clock_timestamp()
);
comment on column webhook.urgent is 'with bulk, the cursor: the last version delivered in each lane';
comment on column webhook.secret is 'sealed by evenstock.secrets.key; signs every message; so does the former one for a while after a rotation; of a Shopify store its access token';

create table webhook_delivery (
    delivery_id bigint generated always as identity primary key,
    webhook_id  bigint not null references webhook on delete cascade,
    message_id  text not null,
    items       integer not null,
    status      integer,
    error       text,
    millis      bigint not null,
    sent_at     timestamptz not null default clock_timestamp()
);
create index webhook_delivery_newest on webhook_delivery (webhook_id, delivery_id);
comment on table webhook_delivery is 'the last attempts of each webhook';

-- What Shopify calls our facilities and products, a store each.
create table shopify_location (
    webhook_id   bigint not null references webhook on delete cascade,
    facility_key integer not null references facility,
    location_id  text not null,
    primary key (webhook_id, facility_key)
);
create table shopify_item (
    webhook_id        bigint not null references webhook on delete cascade,
    product_key       integer not null references product,
    inventory_item_id text not null,
    primary key (webhook_id, product_key)
);

-- What a store did not take of what it was told last.
create table shopify_refusal (
    webhook_id   bigint not null references webhook on delete cascade,
    facility_key integer not null references facility,
    product_key  integer not null references product,
    code         text not null,
    message      text not null,
    times        bigint not null default 1,
    since        timestamptz not null default clock_timestamp(),
    last_at      timestamptz not null default clock_timestamp(),
    primary key (webhook_id, facility_key, product_key)
);
comment on table shopify_refusal is 'gone as soon as the store takes the pair''s quantity';
