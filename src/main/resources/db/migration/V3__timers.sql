-- A step's timer, paused by somebody on all nodes; a step without a row is not paused.
create table timer_pause (
    step         text primary key check (step in ('list', 'filter', 'reset', 'variance')),
    paused_by    text not null,
    reason       text,
    paused_at    timestamptz not null default clock_timestamp(),
    paused_until timestamptz
);
comment on column timer_pause.paused_until is 'null: until somebody resumes it';

-- When the nights began: steps that were due before were not missed.
create table nights_begin (
    at  timestamptz not null default clock_timestamp(),
    one boolean primary key default true check (one)
);
insert into nights_begin default values;
