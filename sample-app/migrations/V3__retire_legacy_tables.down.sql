alter table legacy.users_retired rename to users;
alter table legacy.orders_retired rename to orders;
