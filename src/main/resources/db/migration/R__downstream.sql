-- The publisher (docs/decisions/0008): each call is one round in one transaction. Every statement of a round must see what
-- was committed before it: marks that are visible have visible facts.

-- Brings pairs (two arrays of equal length) up to date where something differs. Only the publisher may call it.
create or replace function publish_pairs(facilities integer[], products integer[], as_bulk boolean, anew boolean)
    returns bigint language plpgsql as $$
declare
    changed bigint;
begin
    insert into published_inventory as p
        (facility_key, product_key, on_hand, withheld, available, version, bulk, published_at)
    select facility_key, product_key, on_hand, withheld, available, nextval('published_version'), as_bulk, clock_timestamp()
    from (select f.facility_key, f.product_key, f.base + f.moved + f.shipped as on_hand, f.withheld,
                 greatest(0, f.base + f.moved + f.shipped - f.withheld - c.safety_stock) as available
          from figures(facilities, products) f join product c using (product_key)) n
    where anew or not exists (
        select from published_inventory o
        where o.facility_key = n.facility_key and o.product_key = n.product_key
          and o.on_hand = n.on_hand and o.withheld = n.withheld and o.available = n.available)
    on conflict (facility_key, product_key) do update
    set on_hand = excluded.on_hand, withheld = excluded.withheld, available = excluded.available,
        version = excluded.version, bulk = excluded.bulk, published_at = excluded.published_at;
    get diagnostics changed = row_count;
    return changed;
end $$;

-- Where the database was promoted or restored, versions may have been told that it does not know any more: go far beyond
-- them, and tell every pair anew. The oids differ after a restore into the same server.
create or replace function notice_other_cluster() returns void language plpgsql as $$
declare
    here text := concat_ws('/', substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
                           (select oid from pg_database where datname = current_database()), 'publication'::regclass::oid);
    before text := (select cluster from publication);
begin
    if has_function_privilege('pg_control_system()', 'execute') then
        here := here || '/' || (select system_identifier from pg_control_system());
    end if;
    if here is distinct from before then
        update publication set cluster = here;
        if before is not null then
            perform setval('published_version', nextval('published_version') + 1000000000);
            insert into dirty_bulk (anew) values (true);
        end if;
    end if;
end $$;

comment on column publication.cluster is 'timeline, oids of database and table, server: after a failover or a restore, versions may have been told that are lost here';

-- How many pairs an endpoint has not been told yet, counted up to most. In the order of the versions: without it the whole
-- table would be read for each endpoint that has been told all.
create or replace function backlog(w webhook, most integer) returns bigint language sql stable as $$
    select count(*)
    from ((select 1 from published_inventory p
           where not p.bulk and p.version > w.urgent
             and (w.channel_key is null or p.facility_key in
                  (select f.facility_key from channel_facility f where f.channel_key = w.channel_key))
           order by p.version limit most)
          union all
          (select 1 from published_inventory p
           where p.bulk and p.version > w.bulk
             and (w.channel_key is null or p.facility_key in
                  (select f.facility_key from channel_facility f where f.channel_key = w.channel_key))
           order by p.version limit most)
          limit most) untold
$$;

-- A round: marked pairs, at most about most_pairs, then a chunk of the oldest bulk. No row: somebody else is publishing.
create or replace function publish(most_pairs integer, most_bulk integer)
    returns table (pairs bigint, bulk_pairs bigint, changed bigint, more boolean) language plpgsql as $$
declare
    facilities integer[];
    products   integer[];
    b          dirty_bulk;
    part_read  integer;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the publisher needs the isolation level read committed';
    end if;
    -- Held until the versions are visible: they become so in their order, and a cursor over them skips none.
    if not pg_try_advisory_xact_lock(hashtextextended('publish', 0)) then
        return;
    end if;
    perform notice_other_cluster();

    with waiting as (select mark, cardinality(facility_keys) as size from dirty_pair order by mark limit most_pairs),
         chosen as (select mark from (select mark, sum(size) over (order by mark) - size as ahead from waiting) w
                    where ahead < most_pairs),
         taken as (delete from dirty_pair d using chosen c where d.mark = c.mark
                   returning d.facility_keys, d.product_keys)
    select array_agg(f order by f, p), array_agg(p order by f, p) into facilities, products
    from (select distinct u.f, u.p from taken t, unnest(t.facility_keys, t.product_keys) u(f, p)) d;
    pairs := coalesce(cardinality(facilities), 0);
    changed := case when pairs = 0 then 0 else publish_pairs(facilities, products, false, false) end;

    bulk_pairs := 0;
    select * into b from dirty_bulk order by mark limit 1;
    if found then
        if b.run_id is not null then
            part_read := coalesce((select r.part from snapshot_run r where r.run_id = b.run_id), 0);
            select array_agg(c.facility_key), array_agg(c.product_key) into facilities, products
            from (select l.facility_key, l.product_key from snapshot_line l
                  where l.part = part_read and l.run_id = b.run_id
                    and (l.facility_key, l.product_key) > (b.after_facility, b.after_product)
                  order by l.facility_key, l.product_key limit most_bulk) c;
        elsif b.product_keys is not null then
            select array_agg(c.facility_key), array_agg(c.product_key) into facilities, products
            from (select i.facility_key, i.product_key from published_inventory i
                  where i.product_key = any(b.product_keys)
                    and (i.product_key, i.facility_key) > (b.after_product, b.after_facility)
                  order by i.product_key, i.facility_key limit most_bulk) c;
        else
            select array_agg(c.facility_key), array_agg(c.product_key) into facilities, products
            from (select i.facility_key, i.product_key from published_inventory i
                  where (b.facility_keys is null or i.facility_key = any(b.facility_keys))
                    and (i.facility_key, i.product_key) > (b.after_facility, b.after_product)
                  order by i.facility_key, i.product_key limit most_bulk) c;
        end if;
        bulk_pairs := coalesce(cardinality(facilities), 0);
        if bulk_pairs > 0 then
            changed := changed + publish_pairs(facilities, products, true, b.anew);
        end if;
        if bulk_pairs < most_bulk then
            delete from dirty_bulk d where d.mark = b.mark;
        else
            update dirty_bulk d
            set after_facility = facilities[bulk_pairs], after_product = products[bulk_pairs]
            where d.mark = b.mark;
        end if;
    end if;
    update publication set taken_at = clock_timestamp() where pairs > 0 or bulk_pairs > 0;
    more := exists (select from dirty_pair) or exists (select from dirty_bulk);
    return next;
end $$;
