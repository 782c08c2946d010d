-- Why the feed's folder could not be looked into last, and since when: a person is called if that lasts.
alter table feed_lease
    add column trouble       text,
    add column trouble_since timestamptz;
comment on column feed_lease.trouble is 'null: the last look went well';
