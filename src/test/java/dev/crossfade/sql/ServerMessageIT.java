package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server's message is stored and logged without the row's values, and still says what is wrong. */
class ServerMessageIT {

    private static final TestDatabase DATABASE = TestDatabases.create();

    @BeforeAll
    static void tables() {
        DATABASE.execute("""
                create type mood as enum ('happy');
                create table parent (id int primary key);
                create table person (
                    id int primary key, name varchar(5) not null, age smallint, mood mood, born date, parent int references parent,
                    check (age > 0));
                insert into person values (1, 'Ada');
                create function shout() returns trigger language plpgsql as $$
                begin raise exception 'bad name: %', new.name using errcode = '23514', constraint = 'no_such'; end $$;
                create table loud (name text);
                create trigger shout before insert on loud for each row execute function shout();
                """);
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "insert into person (id, name) values (1, 'secret') | value too long for type character varying(5)",
                "insert into person (id, name) values (1, 'secr') | duplicate key value violates unique constraint \"person_pkey\"",
                "insert into person (id) values (2) | null value in column \"name\" of relation \"person\" violates not-null constraint",
                "insert into person values (2, 'secr', -7) | new row for relation \"person\" violates check constraint \"person_age_check\"",
                "insert into person (id, name, parent) values (2, 'secr', 77) | insert or update on table \"person\" violates foreign key constraint \"person_parent_fkey\"",
                "select cast('secret' as int) | invalid input syntax for type integer: ...",
                "select cast('se\"cr\"et' as int) | invalid input syntax for type integer: ...",
                "select cast(E'secret\\nsecret' as int) | invalid input syntax for type integer: ...",
                "select cast('77777777777777' as int) | value ... is out of range for type integer",
                "select cast(cast('secret' as text) as mood) | invalid input value for enum mood: ...",
                "select cast('2020-13-01' as date) | date/time field value out of range: ...",
                "select convert_from('\\xff77', 'UTF8') | invalid byte sequence for encoding ...: ...",
                "insert into loud values ('secret') | a trigger or function raised this error; its text may quote values and is left out",
                "select 1/0 | division by zero"
            })
    void aValueNeverShows(String sql, String message) {
        Throwable failure = catchThrowable(() -> DATABASE.dsl().execute(sql));

        assertThat(failure).isInstanceOf(DataAccessException.class);
        assertThat(ServerMessage.withoutValues(failure)).isEqualTo(message).doesNotContain("secr", "77", "2020");
    }

    @Test
    void otherLanguagesQuoteOtherwise() {
        assertThat(ServerMessage.withoutValues(new SQLException("ungültige Eingabesyntax für Typ integer: »secret«")))
                .isEqualTo("ungültige Eingabesyntax für Typ integer: ...");
        assertThat(ServerMessage.withoutValues(new SQLException("the connection \"broke")))
                .isEqualTo("the connection ...");
    }
}
