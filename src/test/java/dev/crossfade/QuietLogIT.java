package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The log stays readable while a mirror under traffic is down, or comes and goes. */
class QuietLogIT {

    /** A name that no other class writes into the log. */
    private static final String ENTITY = "quietly-mirrored";

    private static final TableMapping MAPPING = TableMapping.table(ENTITY)
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(new Column("id", "integer"), new Column("account_id", "bigint"))
            .project(new Column("email", "text"), "email")
            .project(new Column("full_name", "character varying(40)"), "first_name")
            .restore(new Column("email", "text"), "email")
            .restore(new Column("first_name", "text"), "full_name")
            .build();

    private static final RoutingSettings IMPATIENT = RoutingSettings.DEFAULTS.withMirrorBudget(Duration.ofMillis(50));

    private final Lines lines = new Lines();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.crossfade");

    /** The lines about the entity. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
        private final Queue<String> others = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (line.contains(ENTITY)) {
                (event.getLevel().isGreaterOrEqual(Level.WARN) ? warnings : others).add(line);
            }
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
    }

    @ParameterizedTest
    @EnumSource
    void aMirrorThatComesAndGoesIsOneTrouble(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start(IMPATIENT);
            TextRecords records = new TextRecords(crossfade.routing(), MAPPING);
            move(crossfade, Stage.DUAL_WRITE);

            try (Traffic traffic = new Traffic(records, true)) {
                for (int turn = 0; turn < 12; turn++) {
                    world.modern().execute("alter table modern.accounts rename to elsewhere");
                    traffic.awaitCalls(10);
                    Awaitility.await()
                            .pollDelay(Duration.ofMillis(300))
                            .untilAsserted(() -> assertThat(lines.warnings).isNotEmpty());
                    world.modern().execute("alter table modern.elsewhere rename to accounts");
                    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> mirrored(world) > 0);
                    traffic.awaitCalls(10);
                }
            }
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(60))).isTrue();

            assertThat(lines.warnings).hasSize(1);
            assertThat(mirrored(world)).isEqualTo(count(world.legacy(), "legacy.users"));
        }
    }

    /** Nobody writes, so that nothing but the reads meets the server. */
    @Test
    void readsThatTheModernSideDoesNotAnswerAreToldOnce() throws Exception {
        try (StoppableServer server = StoppableServer.createDurable();
                World world = new World(TestDatabases.create(), server.createDatabase())) {
            Crossfade crossfade = world.start(
                    IMPATIENT,
                    new Databases(
                            world.legacy().newDataSource(pool -> pool.setConnectionTimeout(500)),
                            world.modern().newDataSource(pool -> pool.setConnectionTimeout(500))));
            TextRecords records = new TextRecords(crossfade.routing(), MAPPING);
            for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW_READ, Stage.MODERN_READ)) {
                move(crossfade, stage);
            }

            records.save(TextRecord.of("1", "u1", "name"));
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(60))).isTrue();

            try (Traffic traffic = new Traffic(records, false)) {
                traffic.awaitCalls(20);
                server.stop();
                try {
                    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !lines.warnings.isEmpty());
                    traffic.awaitCalls(50);
                } finally {
                    server.start();
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> lines.others.stream()
                                .anyMatch(line -> line.contains("the modern side answers reads again.")));
            }
            assertThat(lines.warnings)
                    .singleElement()
                    .asString()
                    .startsWith(ENTITY + ": reads of the modern side fail, and the legacy side answers them: ");
        }
    }

    private static void move(Crossfade crossfade, Stage stage) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            crossfade.stages().change(new Request(List.of(ENTITY), stage, new Author("a test", "a test"), true));
            return crossfade.stage(ENTITY) == stage;
        });
    }

    private static long mirrored(World world) {
        return count(world.modern(), "modern.accounts");
    }

    private static long count(TestDatabase database, String table) {
        return Long.parseLong(String.valueOf(database.dsl().fetchValue("select count(*) from " + table)));
    }

    /** Reads continuously, and writes if asked to; a failure of either fails the test. */
    private static final class Traffic implements AutoCloseable {

        private static final int KEYS = 50;

        private final TextRecords records;
        private final AtomicBoolean over = new AtomicBoolean();
        private final boolean writes;
        private final AtomicLong calls = new AtomicLong();
        private final List<CompletableFuture<Void>> callers = new ArrayList<>();

        Traffic(TextRecords records, boolean writes) {
            this.records = records;
            this.writes = writes;
            for (int caller = 0; caller < 3; caller++) {
                int first = caller;
                callers.add(CompletableFuture.runAsync(() -> call(first), OwnThread.EACH));
            }
        }

        private void call(int first) {
            for (long i = first; !over.get(); i += 3) {
                String key = Long.toString(1 + i % KEYS);
                if (writes) {
                    records.save(TextRecord.of(key, "u" + key, "name " + i));
                }
                records.find(List.of(key));
                calls.incrementAndGet();
            }
        }

        void awaitCalls(int more) {
            long target = calls.get() + more;
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> calls.get() >= target);
        }

        @Override
        public void close() {
            over.set(true);
            callers.forEach(CompletableFuture::join);
        }
    }
}
