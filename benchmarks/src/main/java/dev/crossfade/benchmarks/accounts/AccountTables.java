package dev.crossfade.benchmarks.accounts;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.SplittableRandom;

/**
 * The legacy and the modern table of one entity of accounts. Every variant has its own entity, so that all stages
 * exist at once and can take turns. The tables are narrow on purpose: the cheaper a row, the more the cost of routing
 * shows.
 *
 * @param name a plain lower-case word, the suffix of both tables' names
 */
public record AccountTables(String name) {

    private static final Column TEXT_EMAIL = new Column("email", "text");

    /** Returns how the modern row follows from the legacy one. */
    public TableMapping mapping() {
        return TableMapping.table(name)
                .legacy("legacy", "users_" + name)
                .modern("modern", "accounts_" + name)
                .key(new Column("id", "bigint"), new Column("account_id", "bigint"))
                .project(TEXT_EMAIL, "lower(email)")
                .project(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)")
                .restore(TEXT_EMAIL, "email")
                .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
                .restore(new Column("last_name", "text"), "split_part(full_name, ' ', 2)")
                .build();
    }

    /** Returns the SQL that creates and fills the legacy table. */
    public String legacySql(int rows) {
        return """
                create schema if not exists legacy;
                create table legacy.users_%1$s (
                    id bigint primary key, email text not null, first_name text not null, last_name text not null);
                insert into legacy.users_%1$s
                select n, 'user' || n || '@example.org', 'First' || n, 'Last' || n from generate_series(1, %2$d) as n;
                analyze legacy.users_%1$s;
                """.formatted(name, rows);
    }

    /**
     * Returns the SQL that creates the modern table and fills it to match the legacy one. The caller installs
     * Crossfade's schema: a service that finds such rows without a schema takes the schema for lost.
     */
    public String modernSql(int rows) {
        return """
                create schema if not exists modern;
                create table modern.accounts_%1$s (
                    account_id bigint primary key, email text not null, full_name text not null);
                insert into modern.accounts_%1$s
                select n, 'user' || n || '@example.org', 'First' || n || ' Last' || n
                from generate_series(1, %2$d) as n;
                analyze modern.accounts_%1$s;
                """.formatted(name, rows);
    }

    /** Returns a record with one of the keys, and with values that differ between calls. */
    public static Account account(SplittableRandom random, int rows) {
        long id = key(random, rows);
        int number = random.nextInt(1_000_000);
        return new Account(id, "user" + id + "." + number + "@example.org", "First" + number + " Last" + id);
    }

    /** Returns one of the keys. */
    public static long key(SplittableRandom random, int rows) {
        return 1 + random.nextLong(rows);
    }
}
