package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.EntityGroups.Group;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Between two databases, entities that share transactions move their authority together, or every such transaction
 * fails.
 */
class EntitiesMoveTogetherIT {

    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void theStepOfOneAloneIsRefusedAndNamesTheOthersAndTheCommand() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line", "note");
            shop.saveTogether();
            shop.awaitGroups(1);

            assertThat(shop.together("cart", Stage.MODERN_PRIMARY)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen())
                        .startsWith(
                                "it shares transactions with line (modern-read), on the legacy side (cart + line: 1 transactions, the last ")
                        .contains(" ago by ", "(test)");
                assertThat(closed.remedy())
                        .isEqualTo("Move them together: `crossfade stage cart line --to modern-primary`.");
            });
            assertThatThrownBy(() -> shop.move(Stage.MODERN_PRIMARY, false, "line"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(
                            "Gate 'moves together' is closed for line: it shares transactions with cart (modern-read)");
            assertThat(shop.together("note", Stage.MODERN_PRIMARY))
                    .isEqualTo(new Open(
                            "it was not seen in a transaction with other entities",
                            "entities that share transactions have their authority in one database"));
            assertThat(shop.together("cart", Stage.MODERN_PRIMARY, "cart", "line"))
                    .isInstanceOf(Open.class);
            assertThat(shop.together("cart", Stage.SHADOW_READ)).isEqualTo(new NotConcerned());

            shop.move(Stage.MODERN_PRIMARY, true, "cart", "line");
            assertThatCode(shop::saveTogether).doesNotThrowAnyException();
        }
    }

    /** A contracted entity cannot be moved along. */
    @Test
    void whoeverSharesTransactionsWithAContractedEntityStaysOnTheModernSide() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_PRIMARY, "cart", "line", "note");
            shop.saveTogether();
            shop.awaitGroups(1);
            shop.move(Stage.MODERN_ONLY, true, "line");
            Contractions.record(shop.databases().controlDsl(), "7", List.of("line"));

            assertThat(shop.together("cart", Stage.MODERN_READ))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.remedy())
                                    .isEqualTo(
                                            "line cannot come along: contracted, the modern side has the only copy. Let the service use them in transactions of their own before cart goes back, or stay where you are."));
        }
    }

    /** Shows why the gate exists: the same step, forced. */
    @Test
    void everyTransactionOfEntitiesThatWereMovedApartFailsAndTheWayBackIsNamed() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line");

            shop.move(Stage.MODERN_PRIMARY, true, "cart");

            assertThatThrownBy(shop::saveTogether).isInstanceOf(RefusedException.class);
            shop.awaitGroups(1);
            assertThat(shop.together("line", Stage.MODERN_PRIMARY)).isInstanceOf(Open.class);
            assertThat(shop.together("cart", Stage.MODERN_READ)).isInstanceOf(Open.class);

            shop.move(Stage.MODERN_PRIMARY, true, "line");
            assertThatCode(shop::saveTogether).doesNotThrowAnyException();
            assertThat(shop.together("line", Stage.MODERN_READ))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.remedy())
                                    .isEqualTo("Move them together: `crossfade stage cart line --to modern-read`."));
        }
    }

    @Test
    void entitiesThatMoveTogetherByWayOfAThirdAreNamedAndBroughtToTheSameStageFirst() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line");
            shop.saveTogether();
            shop.crossfade.transaction(tx -> {
                shop.lines.in(tx).save(TextRecord.of("1", "l"));
                shop.notes.in(tx).save(TextRecord.of("1", "n"));
                return null;
            });
            shop.awaitGroups(2);

            assertThat(shop.together("cart", Stage.MODERN_PRIMARY, "cart", "line"))
                    .isInstanceOfSatisfying(Closed.class, closed -> {
                        assertThat(closed.seen()).startsWith("it shares transactions with note (legacy-only)");
                        assertThat(closed.remedy())
                                .isEqualTo(
                                        "Bring note to modern-read first. Move them together: `crossfade stage cart line note --to modern-primary`.");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatATransactionReadsCountsUnlessItCannotWrite(boolean readOnly) {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            if (readOnly) {
                shop.crossfade.readOnly(tx -> {
                    shop.carts.in(tx).find(List.of("1"));
                    return shop.lines.in(tx).page(null, 10);
                });
            } else {
                shop.crossfade.transaction(tx -> {
                    shop.carts.in(tx).save(TextRecord.of("1", "c"));
                    return shop.lines.in(tx).find(List.of("1"));
                });
            }
            shop.saveAlone();
            shop.crossfade.close();

            assertThat(shop.groups())
                    .extracting(Group::entities)
                    .isEqualTo(readOnly ? List.of() : List.of(Set.of("cart", "line")));
        }
    }

    @Test
    void inOneDatabaseNothingNeedsToMoveTogether() {
        try (Shop shop = new Shop(Topology.ONE_DATABASE, builder -> builder.transactionEntities("cart", "note"))) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line");
            shop.saveTogether();

            assertThat(shop.together("cart", Stage.MODERN_PRIMARY)).isEqualTo(new NotConcerned());
            shop.move(Stage.MODERN_PRIMARY, true, "cart");
            assertThatCode(shop::saveTogether).doesNotThrowAnyException();
            shop.crossfade.close();
            assertThat(shop.groups()).isEmpty();
        }
    }

    /** A job may have ended before anybody asks. */
    @Test
    void aGroupThatWasSeenOnceCountsForAWhileAndSaysHowOldItIs() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line");
            try (Crossfade job = shop.start(builder -> builder.applicationVersion("job"))) {
                TextRecords carts = new TextRecords(job.routing(), Shop.mapping("cart"));
                TextRecords lines = new TextRecords(job.routing(), Shop.mapping("line"));
                assertThatThrownBy(() -> job.transaction(tx -> {
                            carts.in(tx).save(TextRecord.of("9", "c"));
                            lines.in(tx).save(TextRecord.of("9", "l"));
                            throw new IllegalStateException("the job's own");
                        }))
                        .hasMessage("the job's own");
            }
            shop.legacy.execute("update crossfade.entity_group set last_seen_at = now() - interval '6 days 23 hours'");

            assertThat(shop.together("cart", Stage.MODERN_PRIMARY))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .contains("cart + line: 1 transactions, the last 6 d 23 h ago by ", "(job)"));
            shop.legacy.execute("update crossfade.entity_group set last_seen_at = now() - interval '7 days'");
            assertThat(shop.together("cart", Stage.MODERN_PRIMARY)).isInstanceOf(Open.class);
        }
    }

    @Test
    void theWindowIsASetting() {
        UnaryOperator<Crossfade.Builder> declaredAlone =
                builder -> builder.gates(GateSettings.DEFAULTS.withTogetherWithin(Duration.ZERO))
                        .transactionEntities("line", "note");
        try (Shop shop = new Shop(Topology.TWO_DATABASES, declaredAlone)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line", "note");
            shop.saveTogether();
            shop.awaitGroups(2);

            assertThat(shop.together("cart", Stage.MODERN_PRIMARY)).isInstanceOf(Open.class);
            assertThat(shop.together("line", Stage.MODERN_PRIMARY)).isInstanceOf(Closed.class);
        }
    }

    /** A version's declaration ends with its last instance, unless no instance lives that could declare anything. */
    @Test
    void whatIsDeclaredCountsWhileAnInstanceDeclaresItAndWhileNoneLives() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.moveTo(Stage.MODERN_READ, "cart", "line");
            Crossfade declaring = shop.start(builder -> builder.transactionEntities("cart", "line"));
            shop.awaitGroups(1);
            assertThat(shop.together("cart", Stage.MODERN_PRIMARY))
                    .isInstanceOfSatisfying(
                            Closed.class, closed -> assertThat(closed.seen()).contains("cart + line: declared by "));

            declaring.close();
            shop.legacy.execute("update crossfade.entity_group set last_seen_at = now() - interval '61 seconds'");
            assertThat(shop.together("cart", Stage.MODERN_PRIMARY)).isInstanceOf(Open.class);

            shop.crossfade.close();
            assertThat(shop.groups()).hasSize(1);
        }
    }

    @Test
    void groupsThatWereNotSeenForLongAreForgotten() {
        try (Shop shop = new Shop(Topology.TWO_DATABASES)) {
            shop.saveTogether();
            shop.crossfade.close();
            EntityGroups groups = new EntityGroups(shop.databases().controlDsl());

            List<Group> seen = groups.inForce(WEEK);
            assertThat(EntityGroups.movingWith("cart", seen)).containsExactly("line");
            assertThat(EntityGroups.movingWith("note", seen)).isEmpty();
            assertThat(groups.forget(Duration.ofDays(90))).isZero();
            shop.legacy.execute("update crossfade.entity_group set last_seen_at = now() - interval '91 days'");
            assertThat(groups.forget(Duration.ofDays(90))).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionOfOneEntityIsNoGroup(Topology topology) {
        try (Shop shop = new Shop(topology)) {
            shop.saveAlone();
            shop.crossfade.transaction(tx -> {
                shop.carts.in(tx).save(TextRecord.of("1", "c"));
                shop.carts.in(tx).find(List.of("1"));
                return null;
            });
            shop.crossfade.close();

            assertThat(shop.groups()).isEmpty();
        }
    }

    /** Three entities with a table each, and a service. */
    private static final class Shop implements AutoCloseable {

        private final TestDatabase legacy = TestDatabases.create();
        private final TestDatabase modern;
        private final Crossfade crossfade;
        private final TextRecords carts;
        private final TextRecords lines;
        private final TextRecords notes;

        Shop(Topology topology) {
            this(topology, builder -> builder);
        }

        Shop(Topology topology, UnaryOperator<Crossfade.Builder> settings) {
            this.modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
            for (TestDatabase database : Set.copyOf(List.of(legacy, modern))) {
                for (String side : List.of("legacy", "modern")) {
                    database.execute("create schema " + side);
                    for (String entity : List.of("cart", "line", "note")) {
                        database.execute("create table %s.%s (id text primary key, note text)".formatted(side, entity));
                    }
                }
            }
            this.crossfade = start(settings);
            this.carts = new TextRecords(crossfade.routing(), mapping("cart"));
            this.lines = new TextRecords(crossfade.routing(), mapping("line"));
            this.notes = new TextRecords(crossfade.routing(), mapping("note"));
        }

        static TableMapping mapping(String entity) {
            Column note = new Column("note", "text");
            return TableMapping.table(entity)
                    .legacy("legacy", entity)
                    .modern("modern", entity)
                    .key(new Column("id", "text"), new Column("id", "text"))
                    .project(note, "note")
                    .restore(note, "note")
                    .build();
        }

        Databases databases() {
            return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
        }

        Crossfade start(UnaryOperator<Crossfade.Builder> settings) {
            return settings.apply(Crossfade.builder()
                            .legacy(databases().legacy())
                            .modern(databases().modern())
                            .applicationVersion("test")
                            .stagePolling(Duration.ofMillis(20)))
                    .build();
        }

        void saveTogether() {
            crossfade.transaction(tx -> {
                carts.in(tx).save(TextRecord.of("1", "c"));
                lines.in(tx).save(TextRecord.of("1", "l"));
                return null;
            });
        }

        void saveAlone() {
            carts.save(TextRecord.of("2", "c"));
            lines.save(TextRecord.of("2", "l"));
        }

        void moveTo(Stage stage, String... entities) {
            for (Stage next = Stage.DUAL_WRITE;
                    next.compareTo(stage) <= 0;
                    next = next.next().orElseThrow()) {
                move(next, true, entities);
            }
        }

        void move(Stage stage, boolean force, String... entities) {
            crossfade
                    .stages()
                    .change(new Request(List.of(entities), stage, new Author("test", "a test's own step"), force));
            for (String entity : entities) {
                long epoch = Objects.requireNonNull(
                                AuthorityTable.all(databases().controlDsl()).get(entity))
                        .epoch();
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> new Fleet(databases().controlDsl())
                                .live().stream()
                                        .allMatch(
                                                member -> member.acknowledged().getOrDefault(entity, epoch) >= epoch));
            }
        }

        Verdict together(String entity, Stage to, String... with) {
            Step step = new Step(entity, crossfade.stages().standing(entity), to, Set.of(with));
            return Objects.requireNonNull(crossfade.stages().verdicts(step).get("moves together"));
        }

        List<Group> groups() {
            return new EntityGroups(databases().controlDsl()).inForce(WEEK);
        }

        void awaitGroups(int number) {
            Awaitility.await().until(() -> groups().size() == number);
        }

        @Override
        public void close() {
            crossfade.close();
            legacy.close();
            if (modern != legacy) {
                modern.close();
            }
        }
    }
}
