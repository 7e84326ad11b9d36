package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Orders;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.verify.Sweep.Settings;
import dev.crossfade.verify.Sweep.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row that cannot be projected at all does not end the sweep of the others. */
class SweepUnreadableIT {

    private static final Column ID = new Column("id", "integer");
    private static final TableMapping PRICE = TableMapping.table("price")
            .legacy("legacy", "prices")
            .modern("modern", "prices")
            .key(ID, ID)
            .project(new Column("amount", "integer"), "cast(amount as integer)")
            .restore(new Column("amount", "text"), "cast(amount as text)")
            .build();

    @ParameterizedTest
    @EnumSource
    void aRowThatCannotBeComparedIsLeftOutAndSaid(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase modern = TestDatabases.create()) {
            boolean shared = topology == Topology.ONE_DATABASE;
            TestDatabase mirror = shared ? legacy : modern;
            Databases databases = shared ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
            legacy.execute("create schema legacy; create table legacy.prices (id integer primary key, amount text)");
            mirror.execute("create schema modern; create table modern.prices (id integer primary key, amount integer)");
            legacy.execute("insert into legacy.prices select n, cast(n as text) from generate_series(1, 900) as n");
            legacy.execute("update legacy.prices set amount = 'a secret' where id = 450");
            Orders.moveTo(databases, PRICE, Stage.DUAL_WRITE);
            new Backfill(databases, PRICE, new Backfill.Settings(1_000, 0), BackfillListener.NONE).run();
            mirror.execute(
                    "delete from modern.prices where id in (449, 451, 900)",
                    "insert into modern.prices values (450, 1) on conflict (id) do nothing");
            List<String> unreadable = new ArrayList<>();

            Turn turn = new Sweep(databases, PRICE, new Settings(1_000_000, Duration.ZERO), new SweepListener() {
                        @Override
                        public void unreadable(String entity, String reason) {
                            unreadable.add(reason);
                        }
                    })
                    .turn(Duration.ofMinutes(1), () -> false);

            assertThat(turn.ended()).isTrue();
            assertThat(turn.repaired()).isEqualTo(3);
            assertThat(unreadable).hasSize(1).first().asString().doesNotContain("secret");
            assertThat(databases.dsl(Side.MODERN).fetchValue("select count(*) from modern.prices"))
                    .isEqualTo(900L);
        }
    }
}
