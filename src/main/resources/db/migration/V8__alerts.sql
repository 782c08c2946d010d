-- What somebody was called for, and the messages that called: a cause with its subject is open once at a time.
create table alert (
    alert_id  bigint generated always as identity primary key,
    cause     text not null,
    subject   text not null,
    level     text not null check (level in ('bad', 'warn')),
    title     text not null,
    text      text not null,
    link      text,
    raised_at timestamptz not null default clock_timestamp(),
    seen_at   timestamptz not null default clock_timestamp(),
    over_at   timestamptz
);
create unique index alert_open on alert (cause, subject) where over_at is null;
create index alert_over on alert (over_at) where over_at is not null;
comment on column alert.seen_at is 'when a node that looked saw it last; over when that is long enough ago';

-- Sent by whichever node claims it; one that was sent but not recorded is sent again under the same id.
create table alert_message (
    alert_id    bigint not null references alert on delete cascade,
    channel     text not null check (channel in ('webhook', 'mail')),
    kind        text not null check (kind in ('RAISED', 'OVER')),
    made_at     timestamptz not null default clock_timestamp(),
    attempts    integer not null default 0,
    retry_at    timestamptz not null default '-infinity',
    fence       bigint not null default 0,
    lease_until timestamptz,
    sent_at     timestamptz,
    given_up_at timestamptz,
    error       text,
    primary key (alert_id, channel, kind)
);
create index alert_message_due on alert_message (channel, alert_id) where sent_at is null and given_up_at is null;

-- Whose turn it is to look; who has lost it writes nothing.
create table alert_watch (
    one       boolean primary key default true check (one),
    fence     bigint not null default 0,
    looked_at timestamptz not null default '-infinity'
);
insert into alert_watch default values;
