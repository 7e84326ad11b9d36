-- crossfade: side=modern
-- crossfade: phase=expand

create index concurrently purchases_account on modern.purchases (account_id);
