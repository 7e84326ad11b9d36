alter table public."transaction" add column value_lower text;
create unique index transaction_value_lower on public."transaction" (value_lower);
