create table public."transaction" (
    id integer primary key,
    "Value" text,
    note text
);
