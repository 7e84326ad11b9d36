package dev.crossfade.walk;

import dev.crossfade.testing.TextRecords.TextRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A realistic shop: enums, domains, arrays, partitions, a composite key with a timestamp, a table with nothing but its
 * key, a table that refers to itself, quoted names, triggers before every write, lookups and a text search.
 */
final class Shop {

    static final int ROWS = 400;

    static final String TYPES = """
            create schema if not exists shop;
            create schema if not exists catalog;
            create type shop.rating as enum ('G', 'PG', 'R', 'NC-17');
            create domain shop.year as integer check (value between 1901 and 2155);
            """;

    static final String LEGACY = """
            create function shop.touch() returns trigger language plpgsql
                as 'begin new.last_update := clock_timestamp(); return new; end';
            create table shop.language (language_id serial primary key, name char(20) not null,
                last_update timestamptz not null default now());
            create table shop.film (film_id serial primary key, title varchar(255) not null, description text,
                release_year shop.year, language_id int not null references shop.language, minutes smallint,
                rating shop.rating default 'G', special_features text[], fulltext tsvector,
                last_update timestamptz not null default now());
            create table shop.film_category (film_id int not null references shop.film, category_id smallint not null,
                last_update timestamptz not null default now(), primary key (film_id, category_id));
            create table shop.address (address_id int primary key, street text not null);
            create table shop."Customer" ("CustomerId" int primary key, "FirstName" varchar(40) not null,
                "Last Name" varchar(40) not null, "E-Mail" varchar(60), address_id int references shop.address,
                create_date date not null default date '2015-03-01', last_update timestamptz not null default now());
            create table shop.employee (employee_id int primary key, name varchar(60) not null,
                reports_to int references shop.employee, last_update timestamptz not null default now());
            create table shop.payment (payment_id int not null, paid_at timestamptz not null, amount numeric(5,2) not null,
                last_update timestamptz not null default now(), primary key (paid_at, payment_id)) partition by range (paid_at);
            create table shop.payment_2022 partition of shop.payment for values from ('2022-01-01Z') to ('2023-01-01Z');
            create table shop.payment_later partition of shop.payment default;
            create trigger touch before update on shop.language for each row execute function shop.touch();
            create trigger touch before update on shop.film for each row execute function shop.touch();
            create trigger touch before update on shop.film_category for each row execute function shop.touch();
            create trigger touch before update on shop."Customer" for each row execute function shop.touch();
            create trigger touch before update on shop.employee for each row execute function shop.touch();
            create trigger touch before update on shop.payment for each row execute function shop.touch();
            create trigger words before insert or update on shop.film for each row
                execute function tsvector_update_trigger(fulltext, 'pg_catalog.english', title, description);
            """;

    static final String DATA = """
            insert into shop.language (name) values ('English'), ('Français'), ('日本語');
            insert into shop.film (title, description, release_year, language_id, minutes, rating, special_features)
            select 'Film ' || i, case when i %% 3 > 0 then 'About ' || i end, 1990 + i %% 30, 1 + i %% 3, i %% 200,
                   (enum_range(null::shop.rating))[1 + i %% 4], case when i %% 4 > 0 then array['Trailers', 'Cut ' || i] end
            from generate_series(1, %1$d) as i;
            insert into shop.film_category select i, i %% 16 from generate_series(1, %1$d) as i;
            insert into shop.address select i, 'Street ' || i from generate_series(1, 20) as i;
            insert into shop."Customer" select i, 'First' || i, 'von Last ' || i, 'c' || i || '@example.org', 1 + i %% 20
            from generate_series(1, %1$d) as i;
            insert into shop.employee select i, 'Employee ' || i, case when i < %1$d then i + 1 end
            from generate_series(1, %1$d) as i;
            insert into shop.payment select i, timestamptz '2022-11-30 12:00Z' + i * interval '5 hours', i / 100.0
            from generate_series(1, %1$d) as i;
            """.formatted(ROWS);

    static final String MODERN = """
            create table catalog.language (id int generated by default as identity primary key, name varchar(20) not null);
            create table catalog.film (id bigint generated by default as identity primary key, title text not null,
                description text, released int, language_id int not null references catalog.language, minutes smallint,
                rating text check (rating in ('G', 'PG', 'R', 'NC-17')), features text[],
                search tsvector generated always as (to_tsvector('pg_catalog.simple', title)) stored,
                views bigint not null default 0);
            create table catalog.film_category (category_id smallint not null, film_id bigint not null
                references catalog.film, primary key (category_id, film_id));
            create table catalog.customer (id int primary key, first_name text not null, last_name text not null,
                email text, street text, registered_at timestamptz);
            create table catalog.employee (id int primary key, name text not null, manager_id int references catalog.employee);
            create table catalog.payment (payment_id bigint not null, paid_at timestamptz not null,
                amount numeric(10,2) not null, primary key (paid_at, payment_id)) partition by range (paid_at);
            create table catalog.payment_old partition of catalog.payment for values from (minvalue) to ('2024-01-01Z');
            create table catalog.payment_new partition of catalog.payment for values from ('2024-01-01Z') to (maxvalue);
            """;

    static final String MAPPING = """
            entities:
              language:
                legacy: shop.language
                modern: catalog.language
                key: { language_id: id }
                project: { name: rtrim(name) }
                restore: { name: name }
              film:
                legacy: shop.film
                modern: catalog.film
                key: { film_id: id }
                project:
                  title: title
                  description: description
                  released: release_year
                  language_id: language_id
                  minutes: minutes
                  rating: cast(rating as text)
                  features: special_features
                restore:
                  title: title
                  description: description
                  release_year: released
                  language_id: language_id
                  minutes: minutes
                  rating: cast(rating as shop.rating)
                  special_features: features
                ignore: [views]
              film-category:
                legacy: shop.film_category
                modern: catalog.film_category
                key: { film_id: film_id, category_id: category_id }
                project: {}
                restore: {}
              customer:
                legacy: 'shop."Customer"'
                modern: catalog.customer
                key: { CustomerId: id }
                project:
                  first_name: '"FirstName"'
                  last_name: '"Last Name"'
                  email: '"E-Mail"'
                  street: (select a.street from shop.address as a where a.address_id = "Customer".address_id)
                restore:
                  FirstName: first_name
                  Last Name: last_name
                  E-Mail: email
                fill:
                  registered_at: cast(create_date as timestamp) at time zone 'UTC'
                derived: [street]
              employee:
                legacy: shop.employee
                modern: catalog.employee
                key: { employee_id: id }
                project: { name: name, manager_id: reports_to }
                restore: { name: name, reports_to: manager_id }
              payment:
                legacy: shop.payment
                modern: catalog.payment
                key: { payment_id: payment_id, paid_at: paid_at }
                project: { amount: amount }
                restore: { amount: amount }
            """;

    /** Each entity's rows on either side, in one form, without the columns that are not carried back. */
    static final Map<String, Compared> COMPARED = Map.of(
            "language",
            new Compared(
                    "select language_id as id, rtrim(name) as name from shop.language",
                    "select id, name from catalog.language"),
            "film",
            new Compared("""
                    select film_id as id, title, description, release_year::int as released, language_id, minutes,
                           rating::text as rating, special_features as features from shop.film
                    """, """
                    select id, title, description, released, language_id, minutes, rating, features from catalog.film
                    """),
            "film-category",
            new Compared(
                    "select film_id, category_id from shop.film_category",
                    "select film_id, category_id from catalog.film_category"),
            "customer",
            new Compared(
                    "select \"CustomerId\" as id, \"FirstName\" as a, \"Last Name\" as b, \"E-Mail\" as c from shop.\"Customer\"",
                    "select id, first_name, last_name, email from catalog.customer"),
            "employee",
            new Compared(
                    "select employee_id as id, name, reports_to from shop.employee",
                    "select id, name, manager_id from catalog.employee"),
            "payment",
            new Compared(
                    "select payment_id, paid_at, amount from shop.payment",
                    "select payment_id, paid_at, amount from catalog.payment"));

    /**
     * Two queries that give the same rows.
     *
     * @param legacy over the legacy tables
     * @param modern over the modern tables
     */
    record Compared(String legacy, String modern) {}

    /** How a writer creates the next version of a record, from the number of the row and a random number. */
    static final Map<String, BiFunction<Integer, Random, TextRecord>> WRITES = Map.of(
            "language", (row, random) -> record(List.of("" + (1 + row % 5)), "Language " + random.nextInt(100)),
            "film",
                    (row, random) -> record(
                            List.of("" + row),
                            "Film " + random.nextInt(),
                            random.nextBoolean() ? "About \\ \"it\"" : null,
                            "" + (1950 + random.nextInt(70)),
                            "" + (1 + random.nextInt(3)),
                            "" + random.nextInt(300),
                            List.of("G", "PG", "R", "NC-17").get(random.nextInt(4)),
                            random.nextBoolean() ? "{Trailers,\"Cut " + random.nextInt(9) + "\",NULL}" : null),
            "film-category", (row, random) -> record(List.of("" + row, "" + row % 16)),
            "customer",
                    (row, random) -> record(
                            List.of("" + row),
                            "First" + random.nextInt(1000),
                            " von " + random.nextInt(1000),
                            random.nextBoolean() ? "c" + row + "@example.org" : null,
                            null,
                            "2020-02-02 00:00:00+00"),
            "employee",
                    (row, random) ->
                            record(List.of("" + row), "Employee " + random.nextInt(), "" + (1 + random.nextInt(ROWS))),
            "payment",
                    (row, random) -> record(
                            List.of("" + row, "2022-12-%02d 00:00:00+00".formatted(1 + row % 28)),
                            "" + random.nextInt(1000) / 100 + ".50"));

    private Shop() {}

    private static TextRecord record(List<String> key, @Nullable String... values) {
        return new TextRecord(key, Arrays.asList(values));
    }
}
