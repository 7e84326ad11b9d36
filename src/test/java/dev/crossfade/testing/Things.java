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
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.HandWritten;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** One entity, {@code thing}, whose key is a column of any type, in either topology. */
public final class Things implements AutoCloseable {

    private static final Column NOTE = new Column("note", "text");

    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final TableMapping mapping;
    private final Crossfade crossfade;

    /** A record; its key may be any value that its column takes, and is read as text. */
    public record Thing(Object key, @Nullable String note) {}

    /** A service's hand-written repository for one side. */
    public record Notes(DSLContext dsl, String table, String type) {

        /** Inserts or updates. */
        public void save(String key, String note) {
            dsl.execute(
                    "insert into " + table + " values (cast(? as " + type
                            + "), ?) on conflict (id) do update set note = excluded.note",
                    key,
                    note);
        }

        public void delete(String key) {
            dsl.execute("delete from " + table + " where id = cast(? as " + type + ")", key);
        }

        public Optional<String> noteOf(String key) {
            return dsl.fetchOptional("select note from " + table + " where id = cast(? as " + type + ")", key)
                    .map(row -> row.get(0, String.class));
        }
    }

    /** Creates empty tables with keys of one type, and a service. */
    public Things(Topology topology, String keyType, String... before) {
        this(topology, keyType, keyType, List.of(before));
    }

    /**
     * Creates empty tables and a service.
     *
     * @param before run first in every database, for the types
     */
    public Things(Topology topology, String legacyType, String modernType, List<String> before) {
        this(topology, legacyType, modernType, before, "note");
    }

    /** Creates empty tables with integer keys, whose modern notes follow from the legacy ones by an expression. */
    public static Things projecting(Topology topology, String expression) {
        return new Things(topology, "int", "int", List.of(), expression);
    }

    private Things(Topology topology, String legacyType, String modernType, List<String> before, String projectedNote) {
        this.legacy = TestDatabases.create();
        this.modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
        String[] types = before.toArray(String[]::new);
        legacy.execute(types);
        if (modern != legacy) {
            modern.execute(types);
        }
        legacy.execute(
                "create schema legacy", "create table legacy.thing (id " + legacyType + " primary key, note text)");
        modern.execute(
                "create schema modern", "create table modern.thing (id " + modernType + " primary key, note text)");
        this.mapping = TableMapping.table("thing")
                .legacy("legacy", "thing")
                .modern("modern", "thing")
                .key(new Column("id", legacyType), new Column("id", modernType))
                .project(NOTE, projectedNote)
                .restore(NOTE, "note")
                .build();
        this.crossfade = Crossfade.builder()
                .legacy(databases().legacy())
                .modern(databases().modern())
                .stagePolling(Duration.ofMillis(20))
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
    public RoutedThings at(Stage stage) {
        RoutedThings things = new RoutedThings(crossfade.routing(), mapping);
        moveTo(stage);
        return things;
    }

    /** Moves the entity, which a repository must have registered, to a stage. */
    public void moveTo(Stage stage) {
        while (crossfade.stages().standing("thing").stage() != stage) {
            Stage present = crossfade.stages().standing("thing").stage();
            Stage next = (present.compareTo(stage) < 0 ? present.next() : present.previous()).orElseThrow();
            crossfade
                    .stages()
                    .change(new Request(List.of("thing"), next, new Author("test", "a test's own step"), true));
            awaitAcknowledged();
        }
    }

    private void awaitAcknowledged() {
        long epoch = Objects.requireNonNull(
                        AuthorityTable.all(databases().controlDsl()).get("thing"))
                .epoch();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> new Fleet(databases().controlDsl())
                        .live().stream()
                                .allMatch(member -> member.acknowledged().getOrDefault("thing", epoch) >= epoch));
    }

    /** Returns a pair written by hand, whose keys are texts. */
    public HandWritten<Notes, String> pair() {
        return HandWritten.of(
                mapping,
                dsl -> new Notes(dsl, "legacy.thing", typeOn(Side.LEGACY)),
                dsl -> new Notes(dsl, "modern.thing", typeOn(Side.MODERN)));
    }

    private String typeOn(Side side) {
        return mapping.relation(side).key().getFirst().type();
    }

    /** Returns key and note of one side's rows, spelled as they are stored. */
    public List<String> rows(Side side) {
        return of(side).dsl()
                .fetch("select cast(id as text) || ' ' || note from " + side.label() + ".thing order by 1")
                .getValues(0, String.class);
    }

    @Override
    public void close() {
        crossfade.close();
        legacy.close();
        if (modern != legacy) {
            modern.close();
        }
    }

    private record Type(TableMapping mapping) implements EntityType<Thing, Object> {

        private static final Field<String> KEY = DSL.field(DSL.name("id"), String.class);
        private static final Field<String> TEXT = DSL.field(DSL.name("note"), String.class);

        @Override
        public List<Field<?>> fields() {
            return List.of(KEY, TEXT);
        }

        @Override
        public Thing fromRow(Record row) {
            return new Thing(row.get(0, String.class), row.get(1, String.class));
        }

        @Override
        public List<@Nullable Object> values(Thing thing) {
            return Arrays.asList(thing.key(), thing.note());
        }

        @Override
        public List<Object> keyValues(Object key) {
            return List.of(key);
        }

        @Override
        public Object key(Thing thing) {
            return thing.key();
        }
    }

    /** What both sides can do. */
    private interface ThingRepository extends Repository<Thing, Object> {
        @Override
        ThingRepository in(Transaction transaction);
    }

    private static final class SideThings extends SideRepository<Thing, Object> implements ThingRepository {
        private SideThings(Router router, TableMapping mapping, Side side) {
            super(router, new Type(mapping), side);
        }

        private SideThings(SideThings from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public SideThings in(Transaction transaction) {
            return new SideThings(this, transaction);
        }
    }

    /** Both sides, routed. */
    public static final class RoutedThings extends DualWriteRepository<Thing, Object, ThingRepository> {

        private RoutedThings(Router router, TableMapping mapping) {
            super(
                    router,
                    new Type(mapping),
                    new SideThings(router, mapping, Side.LEGACY),
                    new SideThings(router, mapping, Side.MODERN));
        }

        private RoutedThings(RoutedThings from, Transaction transaction) {
            super(
                    from,
                    transaction,
                    from.legacy().in(transaction),
                    from.modern().in(transaction));
        }

        /** Returns the note of a record. */
        public @Nullable String noteOf(Object key) {
            return find(key).map(Thing::note).orElse(null);
        }

        @Override
        public RoutedThings in(Transaction transaction) {
            return new RoutedThings(this, transaction);
        }
    }
}
