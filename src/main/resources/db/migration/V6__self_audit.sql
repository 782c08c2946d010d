-- The self-audit: how far it has come, and the pairs whose figure is not the sum of its facts. R__self_audit.sql has the sum.

create table self_audit (
    one             boolean primary key default true check (one),
    after_facility  integer not null default 0,
    after_product   integer not null default 0,
    pairs           bigint not null default 0,
    started_at      timestamptz,
    checked_at      timestamptz,
    last_pairs      bigint,
    last_started_at timestamptz,
    last_ended_at   timestamptz
);
insert into self_audit default values;
comment on column self_audit.pairs is 'checked since this pass began; last_… is the pass before';

create table self_audit_offence (
    facility_key        integer not null,
    product_key         integer not null,
    facts_on_hand       bigint not null,
    facts_withheld      bigint not null,
    figure_on_hand      bigint not null,
    figure_withheld     bigint not null,
    published_on_hand   bigint,
    published_withheld  bigint,
    published_available bigint,
    sums_off            bigint not null,
    found_at            timestamptz not null default clock_timestamp(),
    primary key (facility_key, product_key)
);
comment on table self_audit_offence is 'a pair leaves it when it is found right again';
