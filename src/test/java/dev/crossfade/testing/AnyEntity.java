package dev.crossfade.testing;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * One entity with any mapping that a test creates, in either topology; its records are rows of texts in the order of
 * the modern shape, the key being the first column.
 */
public final class AnyEntity implements AutoCloseable {

    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final TableMapping mapping;
    private final Crossfade crossfade;

    /** A record. */
    public record Row(List<@Nullable String> values) {

        /** Returns a row of texts. */
        public static Row of(@Nullable String... values) {
            return new Row(Arrays.asList(values));
        }
    }

    /** Creates the tables and a service with the default settings. */
    public AnyEntity(Topology topology, String legacyDdl, String modernDdl, TableMapping mapping) {
        this(topology, legacyDdl, modernDdl, mapping, settings -> settings);
    }

    /** Creates the tables and a service. */
    public AnyEntity(
            Topology topology,
            String legacyDdl,
            String modernDdl,
            TableMapping mapping,
            UnaryOperator<RoutingSettings> settings) {
        this.legacy = TestDatabases.create();
        this.modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
        legacy.execute(legacyDdl);
        modern.execute(modernDdl);
        this.mapping = mapping;
        this.crossfade = start(settings);
    }

    /** Starts another instance, which the caller closes. */
    public Crossfade start(UnaryOperator<RoutingSettings> settings) {
        return Crossfade.builder()
                .legacy(databases().legacy())
                .modern(databases().modern())
                .stagePolling(Duration.ofMillis(20))
                .routing(settings.apply(RoutingSettings.DEFAULTS))
                .build();
    }

    public TableMapping mapping() {
        return mapping;
    }

    public Databases databases() {
        return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    public Crossfade crossfade() {
        return crossfade;
    }

    /** Returns the database of one side. */
    public TestDatabase of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns the service's repository at a stage; every step on the way there is forced. */
    public Rows at(Stage stage) {
        Rows rows = new Rows(crossfade.routing(), mapping);
        moveTo(stage);
        return rows;
    }

    /** Moves the entity, which a repository must have registered, to a stage. */
    public void moveTo(Stage stage) {
        String entity = mapping.entity();
        while (crossfade.stages().standing(entity).stage() != stage) {
            Stage present = crossfade.stages().standing(entity).stage();
            Stage next = (present.compareTo(stage) < 0 ? present.next() : present.previous()).orElseThrow();
            crossfade.stages().change(request(next, true));
            awaitAcknowledged();
        }
    }

    /** Returns a request for a stage. */
    public Request request(Stage stage, boolean forced) {
        return new Request(List.of(mapping.entity()), stage, new Author("test", "a test's own step"), forced);
    }

    private void awaitAcknowledged() {
        String entity = mapping.entity();
        long epoch = Objects.requireNonNull(
                        AuthorityTable.all(databases().controlDsl()).get(entity))
                .epoch();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> new Fleet(databases().controlDsl())
                        .live().stream()
                                .allMatch(member -> member.acknowledged().getOrDefault(entity, epoch) >= epoch));
    }

    /** Applies every intent, as the worker does. */
    public void drain() {
        Drain drain = new Drain(databases(), new Reconciler(databases(), ReconcileListener.NONE));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            drain.intents(mapping, Duration.ZERO);
            return Intents.count(databases().controlDsl(), mapping.entity()) == 0
                    && Intents.count(databases().dsl(Side.MODERN), mapping.entity()) == 0;
        });
    }

    @Override
    public void close() {
        crossfade.close();
        legacy.close();
        if (modern != legacy) {
            modern.close();
        }
    }

    private record Type(TableMapping mapping) implements EntityType<Row, String> {

        @Override
        public List<Field<?>> fields() {
            return mapping.modern().allColumns().stream()
                    .map(Column::name)
                    .<Field<?>>map(column -> DSL.field(DSL.name(column), String.class))
                    .toList();
        }

        @Override
        public Row fromRow(Record row) {
            return new Row(Arrays.asList(row.into(String[].class)));
        }

        @Override
        public List<@Nullable Object> values(Row row) {
            return Arrays.asList(row.values().toArray());
        }

        @Override
        public List<Object> keyValues(String key) {
            return List.of(key);
        }

        @Override
        public String key(Row row) {
            return String.valueOf(row.values().getFirst());
        }
    }

    private interface RowRepository extends Repository<Row, String> {
        @Override
        RowRepository in(Transaction transaction);
    }

    private static final class SideRows extends SideRepository<Row, String> implements RowRepository {
        private SideRows(Router router, TableMapping mapping, Side side) {
            super(router, new Type(mapping), side);
        }

        private SideRows(SideRows from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public SideRows in(Transaction transaction) {
            return new SideRows(this, transaction);
        }
    }

    /** Both sides, routed. */
    public static final class Rows extends DualWriteRepository<Row, String, RowRepository> {

        /** Creates a repository of a service. */
        public Rows(Router router, TableMapping mapping) {
            super(
                    router,
                    new Type(mapping),
                    new SideRows(router, mapping, Side.LEGACY),
                    new SideRows(router, mapping, Side.MODERN));
        }

        private Rows(Rows from, Transaction transaction) {
            super(
                    from,
                    transaction,
                    from.legacy().in(transaction),
                    from.modern().in(transaction));
        }

        @Override
        public Rows in(Transaction transaction) {
            return new Rows(this, transaction);
        }
    }
}
