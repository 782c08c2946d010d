-- The equation over the facts (domain.md: R1-R7, R10, R14), set-based.

-- Replaced in place, never dropped: the nodes of the former release are calling these at this moment. What takes or returns
-- something else needs another name.

-- Whether all that a fulfilment message names is known (R11). To take something back nothing needs to be.
create or replace function out_of_quarantine(f fulfilment_fact) returns boolean
    language sql stable
as $$
    select case f.kind
        when 'SHIPPED' then f.quantity = 0
            or exists (select from facility k where k.facility_id = f.facility_id)
               and (1 = (select count(*) from identification d where d.id_type = f.id_type and d.id_value = f.id_value)
                    -- it was once: what counts already stays, whatever its identification names by now
                    or exists (select from shipment_item i
                               where i.shipment_id = f.shipment_id and i.item_seq_id = f.item_seq_id
                                 and i.revision = f.revision and i.product_key is not null))
        when 'ACKNOWLEDGED' then f.at is null or f.facility_id is null
            or exists (select from facility k where k.facility_id = f.facility_id)
        else true end
$$;

-- What each shipment item takes from (or, invoiced elsewhere, adds to) a pair's figure as long as
-- the pair's as-of lies in [from_at, until_at): shipped, but not, as of then, in Retail Pro's books.
create or replace view shipped_not_acknowledged as
    select shipment_id, item_seq_id, facility_key, product_key, shipped_at,
           '-infinity'::timestamptz as from_at, released_at as until_at, -acknowledged_quantity as quantity
    from shipment_item
    where acknowledged_quantity > 0
union all
    select shipment_id, item_seq_id, facility_key, product_key, shipped_at,
           '-infinity', 'infinity', acknowledged_quantity - quantity
    from shipment_item
    where acknowledged_quantity < quantity
union all
    select shipment_id, item_seq_id, invoiced_facility_key, product_key, shipped_at,
           acknowledged_at, coalesce(transfer_slip_at, 'infinity'), acknowledged_quantity
    from shipment_item
    -- an item that was shipped from an unknown facility is in quarantine with all its effects
    where invoiced_facility_key is not null and facility_key is not null and acknowledged_quantity > 0
      and acknowledged_at < coalesce(transfer_slip_at, 'infinity');

-- The pair's base: its line with the greatest as-of among the applied runs (of two equally old the one applied first, R10);
-- no row: never covered. A candidate is a run that is looked at as if it were applied.
create or replace function pair_base(facility integer, product integer, candidate bigint default null)
    returns table (run_id bigint, as_of timestamptz, quantity integer, line integer, variance text)
    language sql stable
as $$
    select r.run_id, l.as_of, l.quantity, l.line, r.variance
    from snapshot_line l
    join snapshot_run r on r.run_id = l.run_id and (r.state = 'APPLIED' or r.run_id = candidate)
    where l.facility_key = facility and l.product_key = product
    order by l.as_of desc, r.applied_at, l.run_id
    limit 1
$$;

-- The figures of the given pairs (two arrays of equal length), each exact in this one statement:
-- quantity on hand = base + moved + shipped; shipped: not acknowledged and not pending; withheld: pending.
create or replace function figures(facilities integer[], products integer[], candidate bigint default null)
    returns table (n bigint, facility_key integer, product_key integer, run_id bigint, as_of timestamptz,
                   base integer, moved bigint, shipped bigint, withheld bigint)
    language sql stable
as $$
    select w.n, w.facility_key, w.product_key, b.run_id, b.as_of, coalesce(b.quantity, 0),
           m.moved, s.shipped, s.withheld
    from unnest(facilities, products) with ordinality as w(facility_key, product_key, n)
    left join lateral pair_base(w.facility_key, w.product_key, candidate) b on true
    -- the hours after the base's as summed up, and one by one what was booked in the rest of the base's own hour
    cross join lateral (
        select coalesce(date_trunc('hour', b.as_of, 'UTC') + interval '1 hour', '-infinity') as next_hour
    ) h
    cross join lateral (
        select (coalesce((select sum(m.quantity) from movement_sum m
                         where m.facility_key = w.facility_key and m.product_key = w.product_key
                           and m.hour >= h.next_hour), 0)
             + coalesce((select sum(m.quantity) from movement m
                         where m.facility_key = w.facility_key and m.product_key = w.product_key
                           and m.booked_at > b.as_of and m.booked_at < h.next_hour), 0))::bigint as moved
    ) m
    cross join lateral (
        select coalesce(sum(s.quantity) filter (where v.run_id is null), 0) as shipped,
               coalesce(-sum(s.quantity) filter (where v.run_id is not null and s.quantity < 0), 0) as withheld
        from shipped_not_acknowledged s
        left join variance_line v
               on b.variance = 'PENDING' and v.run_id = b.run_id and v.shipment_id = s.shipment_id
              and v.item_seq_id = s.item_seq_id and v.facility_key = s.facility_key
        where s.facility_key = w.facility_key and s.product_key = w.product_key
          and s.from_at <= coalesce(b.as_of, '-infinity') and coalesce(b.as_of, '-infinity') < s.until_at
    ) s
$$;
