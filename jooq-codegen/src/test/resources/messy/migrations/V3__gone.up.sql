-- crossfade: phase=contract
-- crossfade: entity=user
drop table legacy.users;
