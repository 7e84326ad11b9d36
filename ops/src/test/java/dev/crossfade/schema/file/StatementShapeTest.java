package dev.crossfade.schema.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.SqlStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementShapeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX CONCURRENTLY a ON b (c)",
                "create /* x */ unique index -- y\n concurrently if not exists a on b (c)",
                "drop index concurrently a",
                "reindex index concurrently a",
                "reindex (verbose) table concurrently a",
                "reindex (concurrently) table a",
                "reindex database",
                "reindex schema a",
                "vacuum",
                "vacuum (analyze) a",
                "alter system set work_mem = '1MB'",
                "alter table a detach partition b concurrently",
                "alter database a set tablespace b",
                "create database a",
                "drop database a",
                "create tablespace a location '/x'",
                "create subscription a connection '' publication b",
                "cluster",
                "cluster (verbose)",
                "discard all"
            })
    void whatTheServerRefusesInATransactionIsStandalone(String sql) {
        assertThat(shape(sql).isStandalone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index a on b (c)",
                "create index \"concurrently\" on b (c)",
                "create table concurrently (a int)",
                "refresh materialized view concurrently a",
                "alter type a add value 'b'",
                "alter table a detach partition b",
                "alter database a set work_mem = '1MB'",
                "reindex table a",
                "cluster a using b",
                "drop index a",
                "analyze a",
                "do $$ begin execute 'create index concurrently x on y (z)'; end $$",
                "insert into a values ('create index concurrently')"
            })
    void everythingElseRunsInATransaction(String sql) {
        assertThat(shape(sql).isStandalone()).isFalse();
    }

    @Test
    void namesOfIndexesAndTablesAreRead() {
        assertThat(shape(
                                "create unique index concurrently if not exists Users_Email on only app.\"Users\" using btree (email)")
                        .indexChange())
                .contains(new IndexChange.Build("users_email", "app.\"Users\""));
        assertThat(shape("create index concurrently \"a \"\"b\"\"\" on t(c)").indexChange())
                .contains(new IndexChange.Build("a \"b\"", "t"));
        assertThat(shape("drop index concurrently if exists app.a cascade").indexChange())
                .contains(new IndexChange.Drop("app.a"));
        assertThat(shape("reindex (verbose) table concurrently app . t").indexChange())
                .contains(new IndexChange.Rebuild("table", "app.t"));
        assertThat(shape("reindex database concurrently").indexChange())
                .contains(new IndexChange.Rebuild("database", ""));
        assertThat(shape("vacuum t").indexChange()).isEmpty();
    }

    @Test
    void settingsOfTheSessionAreTold() {
        assertThat(shape("set search_path = a").isSessionSetting()).isTrue();
        assertThat(shape("reset role").isSessionSetting()).isTrue();
        assertThat(shape("set constraints all deferred").isSessionSetting()).isFalse();
    }

    private static StatementShape shape(String sql) {
        return StatementShape.of(new SqlStatement(sql, 1));
    }
}
