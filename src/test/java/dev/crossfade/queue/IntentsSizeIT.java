package dev.crossfade.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.model.RecordKey;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The table of intents stays as small as its backlog, however many intents pass through. {@code
 * -Dintents.run=1000000} passes a million through.
 */
class IntentsSizeIT {

    private static final int INTENTS = Integer.getInteger("intents.run", 50_000);
    private static final int BATCH = 1_000;
    /** The backlog at any moment: writers are ahead of the applier. */
    private static final int BACKLOG = 3_000;

    /**
     * About 150 bytes for each waiting intent and each dead row since the last run of autovacuum, index pages
     * included.
     */
    private static final long BOUND = 150L * (BACKLOG + BATCH + 10_000) + 512 * 1024;

    @Test
    void whateverRunsThroughTheTableStaysSmallAndItsHeadIsFoundAtOnce() throws SQLException {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            int threshold = vacuumThreshold(database);
            append(database, BACKLOG);
            long largest = 0;
            long slowest = 0;
            int dead = 0;
            for (int run = 0; run < INTENTS; run += BATCH) {
                append(database, BATCH);
                workOff(database);
                dead += BATCH;
                if (dead >= threshold) {
                    slowest = Math.max(slowest, pagesToFindTheOldest(database));
                    // As autovacuum does, whose next run is up to a minute away.
                    database.execute("vacuum crossfade.intent");
                    dead = 0;
                }
                largest = Math.max(largest, bytes(database));
            }

            assertThat(largest).as("bytes of table and index").isLessThan(BOUND);
            assertThat(slowest).as("pages looked at for the oldest 1000").isLessThan(500);
            assertThat(Intents.count(database.dsl(), "user")).isEqualTo(BACKLOG);
        }
    }

    /**
     * Autovacuum must trigger by a number of rows: with a share, one large backlog would allow as many dead rows ever
     * after.
     */
    private static int vacuumThreshold(TestDatabase database) {
        List<String> options = List.of(database.dsl()
                .fetchSingle("select reloptions from pg_class where oid = 'crossfade.intent'::regclass")
                .get(0, String[].class));
        assertThat(options).contains("autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_cost_delay=0");
        return options.stream()
                .filter(option -> option.startsWith("autovacuum_vacuum_threshold="))
                .map(option -> Integer.valueOf(option.substring(option.indexOf('=') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static void append(TestDatabase database, int intents) {
        database.dsl()
                .execute(
                        "insert into crossfade.intent (entity, key) select 'user', array[cast(i as text)] from generate_series(1, cast(? as int)) as i",
                        intents);
    }

    private static void workOff(TestDatabase database) throws SQLException {
        List<Intent> oldest = Intents.oldest(database.dsl(), "user", 0, BATCH, Duration.ZERO);
        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(Intents.existing(connection, "user", oldest)).hasSize(BATCH);
            Intents.delete(connection, "user", oldest);
        }
        assertThat(oldest).extracting(Intent::key).doesNotContainNull().hasOnlyElementsOfType(RecordKey.class);
    }

    private static long bytes(TestDatabase database) {
        return database.dsl()
                .fetchSingle("select pg_total_relation_size('crossfade.intent')")
                .get(0, Long.class);
    }

    /** Dead rows in front of the oldest intents are read once and skipped from then on. */
    private static long pagesToFindTheOldest(TestDatabase database) {
        Intents.oldest(database.dsl(), "user", 0, BATCH, Duration.ZERO);
        String plan = database.dsl().fetchSingle("""
                        explain (analyze, buffers, format json)
                        select id, key from crossfade.intent where entity = 'user' and id > 0 order by id limit 1000
                        """).get(0, String.class);
        String hit = plan.substring(plan.indexOf("\"Shared Hit Blocks\":") + 20);
        return Long.parseLong(hit.substring(0, hit.indexOf(',')).strip());
    }
}
