-- Who may use the console. Names are compared without regard to case.
create table console_user (
    user_id       integer generated always as identity primary key,
    name          text not null,
    password      text,
    subject       text unique,
    role          text not null check (role in ('viewer', 'operator', 'admin')),
    created_by    text not null,
    created_at    timestamptz not null default clock_timestamp(),
    password_at   timestamptz not null default clock_timestamp(),
    last_login_at timestamptz,
    disabled_at   timestamptz,
    check ((password is null) <> (subject is null))
);
create unique index console_user_name on console_user (lower(name));
comment on column console_user.password_at is 'sessions that began before it are over';
comment on column console_user.password is 'a hash of PBKDF2 with its algorithm, iterations and salt; null: the identity provider has it';
comment on column console_user.subject is 'how the identity provider knows the user: issuer and id';

-- Who changed what, in the console and over HTTP; a row stands in the transaction of the change wherever that has one.
create table audit (
    audit_id bigint generated always as identity primary key,
    at       timestamptz not null default clock_timestamp(),
    who      text not null,
    address  text not null,
    action   text not null,
    target   text not null,
    detail   text
);
comment on column audit.who is 'a user, or an API key as name#number';
create index audit_who on audit (who, audit_id);

create index snapshot_run_held on snapshot_run (run_id) where state = 'HELD';

-- A product is searched for by a value of whatever type.
create index identification_value on identification (id_value);
