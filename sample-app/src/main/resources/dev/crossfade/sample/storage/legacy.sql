-- The legacy schema as the service has had it for years: texts as people typed them, local times without a zone, amounts
-- of any scale, JSON in text columns, one-letter codes.

create schema legacy;

create table legacy.users (
    id bigint primary key,
    email varchar(254) not null,        -- padded and in mixed case
    first_name text,
    last_name text,
    phone varchar(40),                  -- '+49 (0)30 / 1234-56', or nothing
    status char(1) not null,            -- A active, B blocked, D deleted by its owner
    preferences text                    -- JSON, an empty string, or nothing
        check (case when coalesce(btrim(preferences), '') = '' then true else cast(preferences as jsonb) is not null end),
    email_verified_at timestamp,        -- local time in Berlin
    created_at timestamp not null       -- local time in Berlin
);

-- The finder by e-mail looks for the normalised one; without this index it would read the whole table.
create unique index users_email on legacy.users (lower(btrim(email)));

create table legacy.orders (
    id bigint primary key,
    user_id bigint not null references legacy.users (id),
    order_no varchar(40) not null,      -- padded and in mixed case
    state char(1),                      -- P paid, S shipped, C cancelled; anything else is open
    amount numeric not null,            -- euros, any scale
    items json,
    note text,
    ordered_at timestamp not null       -- local time in Berlin
);

create unique index orders_number on legacy.orders (upper(btrim(order_no)));
create index orders_user on legacy.orders (user_id);
