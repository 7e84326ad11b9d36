-- Each instance says for how long it is taken to live, and by which mapping it writes.
alter table crossfade.instance
    add column expires_at timestamptz not null default now(),
    add column mappings jsonb not null default '{}';
