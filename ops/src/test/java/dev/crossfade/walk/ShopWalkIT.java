package dev.crossfade.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.lossy.LossyWritePolicy;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.schema.StageGate;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.testing.LongForm;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A whole {@link Shop} moves through all stages under load, back and forward again, to the contraction of one half and
 * then of the other. Both sides, and every acknowledged write, are compared by the test's own SQL.
 */
@LongForm
class ShopWalkIT {

    private static final List<Stage> WALK = List.of(
            Stage.SHADOW_READ,
            Stage.MODERN_READ,
            Stage.MODERN_PRIMARY,
            Stage.MODERN_READ,
            Stage.SHADOW_READ,
            Stage.DUAL_WRITE,
            Stage.SHADOW_READ,
            Stage.MODERN_READ,
            Stage.MODERN_PRIMARY);

    /** A child, and parents of other entities, which are contracted first; {@code film} is both. */
    private static final List<String> FIRST_HALF = List.of("employee", "film", "payment");

    private static final List<String> SECOND_HALF = List.of("film-category", "customer", "language");

    /** Nobody reads here, so there is nothing to compare. */
    private static final GateSettings NO_SHADOW_READS = new GateSettings(
            GateSettings.DEFAULTS.backlog(),
            GateSettings.DEFAULTS.verificationAge(),
            new GateSettings.Shadow(0, 0.1, Duration.ofHours(1)),
            GateSettings.DEFAULTS.replicas(),
            GateSettings.DEFAULTS.restoreRows(),
            GateSettings.DEFAULTS.stableFor());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyShapeWalksThroughAllStagesAndBack(Topology topology) throws Exception {
        TestDatabase legacy = TestDatabases.create();
        TestDatabase modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
        legacy.execute(Shop.TYPES);
        if (modern != legacy) {
            modern.execute(Shop.TYPES);
        }
        legacy.execute(Shop.LEGACY, Shop.DATA);
        modern.execute(Shop.MODERN);
        try (legacy;
                modern;
                Walk walk = new Walk(legacy, modern, mappings(databases(legacy, modern)))) {
            walk.begin();
            walk.step(Stage.DUAL_WRITE);
            walk.backfill();
            walk.verify();
            for (Stage stage : WALK) {
                walk.step(stage);
                walk.verify();
            }
            walk.contract(FIRST_HALF, folder.resolve("migrations"));
            walk.verify();
            for (Stage stage : List.of(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
                walk.step(stage);
                walk.verify();
            }
            walk.contract(SECOND_HALF, folder.resolve("migrations"));
            walk.verify();
        }
    }

    private List<TableMapping> mappings(Databases databases) throws Exception {
        Path file = Files.writeString(folder.resolve("crossfade.yaml"), Shop.MAPPING);
        return MappingFile.load(file, databases);
    }

    private static Databases databases(TestDatabase legacy, TestDatabase modern) {
        return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    /** The service with a writer for each entity, and the answers that they got. */
    private static final class Walk implements AutoCloseable {

        private final TestDatabase legacy;
        private final TestDatabase modern;
        private final Databases databases;
        /** Those that are not contracted. */
        private final List<TableMapping> mappings;

        private final List<TableMapping> contracted = new ArrayList<>();
        private final Crossfade service;
        private final Map<String, TextRecords> records = new HashMap<>();
        private final Map<String, Map<List<String>, Optional<TextRecord>>> acknowledged = new ConcurrentHashMap<>();
        private final List<CompletableFuture<Void>> writers = new ArrayList<>();
        private final ReentrantReadWriteLock traffic = new ReentrantReadWriteLock(true);
        private volatile boolean over;

        Walk(TestDatabase legacy, TestDatabase modern, List<TableMapping> mappings) {
            this.legacy = legacy;
            this.modern = modern;
            this.databases = databases(legacy, modern);
            this.mappings = new ArrayList<>(mappings);
            this.service = Crossfade.builder()
                    .legacy(databases.legacy())
                    .modern(databases.modern())
                    .stagePolling(Duration.ofMillis(20))
                    .gates(NO_SHADOW_READS)
                    // The service always says when a customer came; legacy stores only the day.
                    .routing(RoutingSettings.DEFAULTS.withLossyWrites(LossyWriteSettings.DEFAULTS.with(
                            LossyWritePolicy.ALLOW, List.of("customer.registered_at"))))
                    .build();
            mappings.forEach(mapping -> records.put(mapping.entity(), new TextRecords(service.routing(), mapping)));
        }

        void begin() {
            Shop.WRITES.keySet().forEach(entity -> {
                acknowledged.put(entity, new ConcurrentHashMap<>());
                writers.add(CompletableFuture.runAsync(() -> write(entity), OwnThread.EACH));
            });
        }

        /** Writes until the walk is over; between two databases a refused write is a failure too. */
        private void write(String entity) {
            Random random = new Random(entity.hashCode());
            TextRecords repository = Objects.requireNonNull(records.get(entity));
            Map<List<String>, Optional<TextRecord>> told = Objects.requireNonNull(acknowledged.get(entity));
            while (!over) {
                TextRecord next =
                        Objects.requireNonNull(Shop.WRITES.get(entity)).apply(1 + random.nextInt(Shop.ROWS), random);
                boolean deleted = List.of("payment", "film-category").contains(entity) && random.nextInt(5) == 0;
                traffic.readLock().lock();
                try {
                    if (deleted) {
                        repository.delete(next.key());
                    } else {
                        repository.save(next);
                    }
                    told.put(next.key(), deleted ? Optional.empty() : Optional.of(next));
                } finally {
                    traffic.readLock().unlock();
                }
            }
        }

        void step(Stage stage) {
            step(stage, mappings.stream().map(TableMapping::entity).toList());
        }

        /** Contracts entities one after the other while every writer continues, theirs too. */
        void contract(List<String> entities, Path migrations) throws IOException {
            step(Stage.MODERN_ONLY, entities);
            Files.createDirectories(migrations);
            for (String entity : entities) {
                TableMapping mapping = mappings.stream()
                        .filter(one -> one.entity().equals(entity))
                        .findFirst()
                        .orElseThrow();
                Files.writeString(
                        migrations.resolve("V%s__%s.up.sql".formatted(contracted.size() + 1, entity.replace('-', '_'))),
                        """
                        -- crossfade: phase=contract
                        -- crossfade: side=legacy
                        -- crossfade: entity=%s
                        drop table %s cascade;
                        """.formatted(
                                entity,
                                Databases.renderer()
                                        .render(mapping.relation(Side.LEGACY).qualifiedName())));
                SchemaRunner runner = new SchemaRunner(
                        databases,
                        MigrationDirectory.read(migrations),
                        new StageGate(databases),
                        SchemaSettings.DEFAULTS,
                        SchemaListener.silent());
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    worker();
                    assertThatCode(runner::up).doesNotThrowAnyException();
                });
                assertThat(Contractions.all(databases.controlDsl())).containsKey(entity);
                mappings.remove(mapping);
                contracted.add(mapping);
            }
        }

        private void step(Stage stage, List<String> entities) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                worker();
                assertThatCode(() ->
                                service.stages().change(new Request(entities, stage, new Author("test", null), false)))
                        .doesNotThrowAnyException();
            });
        }

        void backfill() {
            mappings.forEach(mapping ->
                    new Backfill(databases, mapping, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run());
        }

        /** Compares both sides and the acknowledged writes, once under load and once while nobody writes. */
        void verify() throws SQLException {
            writers.forEach(writer -> assertThat(writer).isNotCompletedExceptionally());
            traffic.writeLock().lock();
            try {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worker() == 0);
                for (TableMapping mapping : mappings) {
                    compare(mapping);
                }
                for (TableMapping mapping : contracted) {
                    compare(mapping);
                }
            } finally {
                traffic.writeLock().unlock();
            }
            for (TableMapping mapping : mappings) {
                if (mirrors(mapping.entity())) {
                    assertThat(new Verification(databases, mapping, VerificationListener.NONE)
                                    .run(false)
                                    .differences())
                            .as(mapping.entity())
                            .isEmpty();
                }
            }
        }

        private boolean mirrors(String entity) {
            return service.stages().standing(entity).stage().mirrors();
        }

        /** Runs the worker's rounds; returns how much is left. */
        private int worker() {
            Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
            int left = 0;
            for (TableMapping mapping : mappings) {
                drain.intents(mapping, Duration.ZERO);
                Operators.retry(databases.controlDsl(), mapping.entity());
                drain.missedWrites(mapping);
                left += Intents.count(databases.controlDsl(), mapping.entity());
                left += new MissedWrites(databases.controlDsl()).count(mapping.entity());
                if (legacy != modern) {
                    left += Intents.count(Databases.dsl(databases.modern()), mapping.entity());
                }
            }
            return left;
        }

        private void compare(TableMapping mapping) throws SQLException {
            String entity = mapping.entity();
            Shop.Compared compared = Objects.requireNonNull(Shop.COMPARED.get(entity));
            int keyWidth = mapping.legacy().key().size();
            Map<List<@Nullable String>, List<@Nullable String>> there =
                    mirrors(entity) ? rows(legacy, compared.legacy(), keyWidth) : Map.of();
            Map<List<@Nullable String>, List<@Nullable String>> here = rows(modern, compared.modern(), keyWidth);
            boolean modernDecides = service.stages().standing(entity).stage().compareTo(Stage.MODERN_PRIMARY) >= 0;
            if (mirrors(entity)) {
                assertThat(here).as(entity).isEqualTo(there);
            }
            Map<List<@Nullable String>, List<@Nullable String>> deciding = modernDecides ? here : there;
            Objects.requireNonNull(acknowledged.get(entity)).forEach((key, told) -> {
                List<@Nullable String> stored = deciding.get(key);
                if (told.isEmpty()) {
                    assertThat(stored).as(entity + " " + key).isNull();
                } else {
                    assertThat(stored).as(entity + " " + key).isNotNull();
                    assertThat(stored)
                            .isEqualTo(told.get()
                                    .values()
                                    .subList(0, Objects.requireNonNull(stored).size()));
                }
            });
        }

        private Map<List<@Nullable String>, List<@Nullable String>> rows(
                TestDatabase database, String query, int keyWidth) throws SQLException {
            Map<List<@Nullable String>, List<@Nullable String>> rows = new HashMap<>();
            try (Connection connection = database.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("set time zone 'UTC'");
                try (ResultSet row = statement.executeQuery(query)) {
                    int width = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        List<@Nullable String> texts = new ArrayList<>();
                        for (int i = 1; i <= width; i++) {
                            texts.add(row.getString(i));
                        }
                        rows.put(
                                List.copyOf(texts.subList(0, keyWidth)),
                                new ArrayList<>(texts.subList(keyWidth, width)));
                    }
                }
                statement.execute("reset time zone");
            }
            return rows;
        }

        @Override
        public void close() {
            over = true;
            writers.forEach(CompletableFuture::join);
            service.close();
        }
    }
}
