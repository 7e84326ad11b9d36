-- crossfade: side=modern
-- crossfade: phase=expand

create schema modern;

-- The checks admit exactly what the mapping makes of a legacy row. So a modern row that was restored to the legacy side
-- and projected again is the same row, and the way back stays lossless.
create table modern.accounts (
    account_id bigint primary key,
    email text not null unique,
    full_name text,
    phone text,
    status text not null,
    preferences jsonb not null,
    email_verified_at timestamptz,
    created_at timestamptz not null,
    constraint email_is_normal check (email = lower(btrim(email)) and length(email) <= 254),
    constraint full_name_is_normal check (full_name ~ '^[^ \t\r\n]+( [^ \t\r\n]+)*$'),
    constraint phone_is_normal check (phone ~ '^[+0-9]{1,40}$'),
    constraint status_is_known check (status in ('active', 'blocked', 'closed'))
);

create table modern.purchases (
    purchase_id bigint primary key,
    account_id bigint not null references modern.accounts (account_id),
    reference text not null unique,
    status text not null,
    amount numeric(12, 2) not null,
    items jsonb not null,
    note text,
    purchased_at timestamptz not null,
    constraint reference_is_normal check (reference = upper(btrim(reference)) and length(reference) <= 40),
    constraint status_is_known check (status in ('open', 'paid', 'shipped', 'cancelled')),
    constraint note_is_normal check (note = btrim(note) and note <> '')
);
