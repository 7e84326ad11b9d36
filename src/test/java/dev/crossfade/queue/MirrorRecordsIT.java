package dev.crossfade.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MirrorRecords.Noted;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorRecordsIT {

    private static final RecordKey KEY = RecordKey.of("7", "");
    private static final RecordKey OTHER = RecordKey.of("7");

    private final TestDatabase database = TestDatabases.create();

    @BeforeEach
    void install() {
        ControlSchema.install(database.databases());
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /** Its number is lower than the visible one's, but its transaction ended later. */
    @Test
    void whatWasNotCommittedWhenTheRowWasReadHasNotBeenSeen() throws SQLException {
        try (TestDatabase.Session slow = database.session();
                Connection connection = database.dataSource().getConnection()) {
            slow.execute(
                    "begin; savepoint nested; insert into crossfade.intent (entity, key) values ('user', array['7', ''])");
            Notes.append(database.dsl(), "user", List.of(KEY));
            MirrorRecords.add(connection, "user", Set.of(KEY), snapshot());
            slow.execute("commit");

            List<Noted> noted = List.copyOf(notedBefore(connection).values());

            assertThat(noted).hasSize(2);
            assertThat(MirrorRecords.seen(connection, "user", noted)).containsExactly(noted.getLast());
            MirrorRecords.add(connection, "user", Set.of(OTHER), snapshot());
            assertThat(MirrorRecords.seen(connection, "user", noted)).containsExactly(noted.getLast());
            MirrorRecords.add(connection, "user", Set.of(KEY, OTHER), snapshot());
            assertThat(MirrorRecords.seen(connection, "user", noted)).containsExactlyInAnyOrderElementsOf(noted);
            assertThat(MirrorRecords.seen(connection, "order", noted)).isEmpty();
            MirrorRecords.forget(connection, "user");
            assertThat(MirrorRecords.seen(connection, "user", noted)).isEmpty();
        }
    }

    @Test
    void theRecordsReachBackForTwentyMinutesFromTheNewestOne() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            Instant now = Instant.now();
            assertThat(MirrorRecords.reachBackTo(connection, "user", Instant.EPOCH))
                    .as("nothing was ever copied")
                    .isTrue();
            MirrorRecords.add(connection, "user", Set.of(KEY), snapshot());

            assertThat(MirrorRecords.reachBackTo(connection, "user", now.minus(Duration.ofMinutes(19))))
                    .isTrue();
            assertThat(MirrorRecords.reachBackTo(connection, "user", now.minus(Duration.ofMinutes(21))))
                    .isFalse();
        }
    }

    @Test
    void oldRecordsGoAsNewOnesCome() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            for (int i = 0; i < 300; i++) {
                MirrorRecords.add(connection, "user", Set.of(KEY), snapshot());
            }
            database.execute("update crossfade.mirrored set mirrored_at = now() - interval '31 minutes'");
            for (int i = 0; i < 2_000; i++) {
                MirrorRecords.add(connection, "user", Set.of(KEY), snapshot());
            }

            assertThat(
                            database.dsl()
                                    .fetchValue(
                                            "select count(*) from crossfade.mirrored where mirrored_at < now() - interval '30 minutes'"))
                    .isEqualTo(0L);
            assertThat(database.dsl().fetchValue("select count(*) from crossfade.mirrored"))
                    .isEqualTo(2_000L);
        }
    }

    /** As a promotion would leave them: of another timeline. */
    private Map<Intent, Noted> notedBefore(Connection connection) throws SQLException {
        database.execute("update crossfade.intent set timeline = timeline + 1");
        return Intents.notedBefore(connection, "user", 0, 10);
    }

    private String snapshot() {
        return database.dsl()
                .fetchSingle("select cast(pg_current_snapshot() as text)")
                .get(0, String.class);
    }
}
