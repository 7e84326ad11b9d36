-- How often a key was put off for a row that it refers to: that costs no attempt, and lengthens the pause all the same.
alter table crossfade.missed_write add column waits integer not null default 0;

-- What operators did to missed writes.
create table crossfade.queue_action (
    id bigint generated always as identity primary key,
    action text not null,
    acted_at timestamptz not null default now(),
    acted_by text not null,
    reason text,
    -- what it was asked to be done to; null for all
    entity text,
    key text[],
    error text,
    -- how many keys that were, and the first of them: [["user", "42"], ["price", "7", "EUR"]]
    key_count integer not null,
    keys jsonb not null
);

create index queue_action_key on crossfade.queue_action using gin (keys jsonb_path_ops);
