-- crossfade: side=legacy
-- crossfade: phase=contract
-- crossfade: entity=user,order

-- Renamed rather than dropped: whatever still reads them fails now, while nothing is lost. Drop them in a later migration.
alter table legacy.orders rename to orders_retired;
alter table legacy.users rename to users_retired;
