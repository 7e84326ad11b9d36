package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill.Settings;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Invariant 3 in the cases that are hardest for the backfill. */
class BackfillCounterexamplesIT {

    /** Its locks went with the legacy session, and what it is about to commit may be stale. */
    @Test
    void rowsWhoseLocksWereLostAreNotCommitted() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.legacy().execute("""
                    insert into legacy.users (id, first_name) select id, 'User' || id from generate_series(1, 5) as id
                    """);
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            InterceptedDataSource modern =
                    new InterceptedDataSource(world.databases().modern());
            AtomicBoolean interrupted = new AtomicBoolean();
            modern.intercept(sql -> {
                if (sql.contains("into \"modern\".\"accounts\"") && interrupted.compareAndSet(false, true)) {
                    endSessionsThatLockRows(world.databases().controlDsl());
                    users.delete(3L);
                    assertThat(isLevel(crossfade)).isTrue();
                }
            });
            Databases connections = new Databases(world.databases().legacy(), modern);

            assertThatThrownBy(() -> backfill(connections).run()).isInstanceOf(UnavailableException.class);
            assertThat(backfill(connections).run().complete()).isTrue();

            assertThat(interrupted).isTrue();
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    private static void endSessionsThatLockRows(DSLContext legacy) {
        String rowLocks = """
                from pg_locks where relation = 'legacy.users'::regclass and mode = 'RowShareLock'
                    and database = (select oid from pg_database where datname = current_database())
                """;
        assertThat(legacy.fetch("select pg_terminate_backend(pid) " + rowLocks)).isNotEmpty();
        Awaitility.await().until(() -> legacy.fetch("select 1 " + rowLocks).isEmpty());
    }

    private static boolean isLevel(Crossfade crossfade) {
        try {
            return crossfade.awaitLevel(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Backfill backfill(Databases databases) {
        return new Backfill(databases, Users.MAPPING, Settings.DEFAULTS, BackfillListener.NONE);
    }
}
