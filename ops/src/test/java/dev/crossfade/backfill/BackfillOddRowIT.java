package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A row whose copy ends in an exception that nobody expected. */
class BackfillOddRowIT {

    private static final Column ID = new Column("id", "integer");
    private static final TableMapping PRICE = TableMapping.table("price")
            .legacy("legacy", "prices")
            .modern("modern", "prices")
            .key(ID, ID)
            .project(new Column("amount", "text"), "amount")
            .restore(new Column("amount", "text"), "amount")
            .build();

    @Test
    void isMissedAloneAndTheCopyGoesOn() {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase mirror = TestDatabases.create()) {
            legacy.execute("create schema legacy; create table legacy.prices (id integer primary key, amount text)");
            mirror.execute("create schema modern; create table modern.prices (id integer primary key, amount text)");
            legacy.execute("insert into legacy.prices select n, 'costs ' || n from generate_series(1, 300) as n");
            InterceptedDataSource modern = new InterceptedDataSource(mirror.dataSource());
            Databases databases = new Databases(legacy.dataSource(), modern);
            Orders.moveTo(databases, PRICE, Stage.DUAL_WRITE);
            modern.interceptArrays((sql, values) -> {
                if (Arrays.asList(values).contains("costs 150")) {
                    throw new IllegalArgumentException("costs 150");
                }
            });

            Backfill.Result result =
                    new Backfill(databases, PRICE, new Backfill.Settings(1_000, 0), BackfillListener.NONE).run();

            assertThat(result.rowsWritten()).isEqualTo(299);
            assertThat(result.rowsMissed()).isOne();
            assertThat(new MissedWrites(legacy.dsl()).list(Optional.of("price"), 10))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.key().values()).containsExactly("150");
                        assertThat(one.sqlState()).isEqualTo("CF005");
                        assertThat(one.message()).doesNotContain("costs 150");
                    });
        }
    }
}
