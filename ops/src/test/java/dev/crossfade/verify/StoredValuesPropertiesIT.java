package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.crossfade.Crossfade;
import dev.crossfade.check.Catalog;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.awaitility.Awaitility;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The mirror of a value is what an INSERT into the mirror's column stores, or a missed write if that is refused. The
 * verification finds exactly the latter, for both directions and both topologies.
 */
class StoredValuesPropertiesIT {

    private static final int VALUES = 15;
    private static final int TRIES = 16;

    private static final Map<Place, Scene> SCENES = new HashMap<>();

    record Place(Topology topology, Stage stage) {}

    record Given(Place place, StoredValues type, List<String> values) {}

    record Row(int id, @Nullable String value) {}

    @AfterContainer
    static void close() {
        SCENES.values().forEach(Scene::close);
        SCENES.clear();
    }

    @Provide
    Arbitrary<Given> given() {
        List<Place> places = Arrays.stream(Topology.values())
                .flatMap(topology ->
                        Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY).map(stage -> new Place(topology, stage)))
                .toList();
        return Arbitraries.of(places)
                .flatMap(place -> Arbitraries.of(StoredValues.class)
                        .flatMap(type ->
                                type.texts().list().ofSize(VALUES).map(values -> new Given(place, type, values))));
    }

    @Property(tries = TRIES)
    void theMirrorHoldsWhatStoringMakesOfTheValue(@ForAll("given") Given given) throws InterruptedException {
        Scene scene = SCENES.computeIfAbsent(given.place(), Scene::new);
        StoredValues type = given.type();
        scene.clear(type);
        Map<Integer, String> written = scene.acceptTexts(type, given.values());
        Map<Integer, String> mirrored = scene.acceptWritten();
        List<RecordKey> refused = written.keySet().stream()
                .filter(id -> !mirrored.containsKey(id))
                .map(id -> RecordKey.of("" + id))
                .toList();

        List<RecordKey> different = new ArrayList<>(refused);
        different.addAll(scene.changedOnTheWayBack(written));
        scene.writeAccepted(type);

        assertThat(scene.rows(type, true)).as("%s written", given).isEqualTo(written);
        assertThat(scene.rows(type, false)).as("%s mirrored", given).isEqualTo(mirrored);
        assertThat(scene.missed(type)).as("%s missed", given).containsExactlyInAnyOrderElementsOf(refused);
        assertThat(scene.verified(type)).as("%s verified", given).containsExactlyInAnyOrderElementsOf(different);

        scene.saveAgain(type, written.keySet());

        assertThat(scene.rows(type, false)).as("%s saved again", given).isEqualTo(mirrored);
        assertThat(scene.verified(type)).as("%s verified again", given).containsExactlyInAnyOrderElementsOf(different);
    }

    /** Tables for each pair of types, and a service in front of them. */
    private static final class Scene implements AutoCloseable {

        private final Place place;
        private final TestDatabase legacy = TestDatabases.create();
        private final TestDatabase modern;
        private final Databases databases;
        private final Crossfade crossfade;
        private final Map<StoredValues, TableMapping> mappings = new EnumMap<>(StoredValues.class);
        private final Map<StoredValues, Rows> repositories = new EnumMap<>(StoredValues.class);

        Scene(Place place) {
            this.place = place;
            this.modern = place.topology() == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
            this.databases =
                    legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
            (legacy == modern ? List.of(legacy) : List.of(legacy, modern))
                    .forEach(database -> database.execute(StoredValues.DDL.toArray(String[]::new)));
            legacy.execute("create schema legacy");
            modern.execute("create schema modern");
            for (StoredValues type : StoredValues.values()) {
                create(Side.LEGACY, type);
                create(Side.MODERN, type);
                mappings.put(type, mapping(type));
            }
            this.crossfade = Crossfade.builder()
                    .legacy(databases.legacy())
                    .modern(databases.modern())
                    .stagePolling(Duration.ofMillis(20))
                    .build();
            mappings.forEach((type, mapping) -> repositories.put(type, new Rows(crossfade.routing(), mapping)));
            moveTo(place.stage());
        }

        private void create(Side side, StoredValues type) {
            boolean authority = side == place.stage().authority();
            of(side).execute("create table %s.%s (id integer primary key, v %s)"
                    .formatted(side.label(), type.table(), authority ? type.from() : type.into()));
        }

        private TestDatabase of(Side side) {
            return side == Side.LEGACY ? legacy : modern;
        }

        private TableMapping mapping(StoredValues type) {
            Column id = new Column("id", "integer");
            return TableMapping.table(type.entity())
                    .legacy("legacy", type.table())
                    .modern("modern", type.table())
                    .key(id, id)
                    .project(live(Side.MODERN, type), "v")
                    .restore(live(Side.LEGACY, type), "v")
                    .build();
        }

        private Column live(Side side, StoredValues type) {
            Name table = name(side.label(), type.table());
            return Catalog.read(of(side).dataSource(), List.of(table))
                    .table(table)
                    .orElseThrow()
                    .column("v")
                    .orElseThrow()
                    .column();
        }

        private void moveTo(Stage stage) {
            List<String> entities =
                    mappings.values().stream().map(TableMapping::entity).toList();
            for (Stage present = Stage.LEGACY_ONLY;
                    present != stage;
                    present = present.next().orElseThrow()) {
                crossfade
                        .stages()
                        .change(new Request(
                                entities, present.next().orElseThrow(), new Author("test", "a test's own step"), true));
                entities.forEach(this::awaitAcknowledged);
            }
        }

        private void awaitAcknowledged(String entity) {
            long epoch = Objects.requireNonNull(
                            AuthorityTable.all(databases.controlDsl()).get(entity))
                    .epoch();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> new Fleet(databases.controlDsl())
                            .live().stream()
                                    .allMatch(member -> member.acknowledged().getOrDefault(entity, epoch) >= epoch));
        }

        void clear(StoredValues type) {
            legacy.execute("delete from legacy." + type.table());
            modern.execute("delete from modern." + type.table());
            databases.controlDsl().execute("delete from crossfade.missed_write where entity = ?", type.entity());
        }

        /**
         * Inserts texts by plain statements into a table of the authoritative type; returns what it stores for those
         * it accepts.
         */
        Map<Integer, String> acceptTexts(StoredValues type, List<String> texts) {
            TestDatabase database = of(place.stage().authority());
            database.execute(
                    "drop table if exists public.given, public.kept",
                    "create table public.given (id integer, v %s)".formatted(type.from()),
                    "create table public.kept (id integer, v %s)".formatted(type.into()));
            for (int i = 0; i < texts.size(); i++) {
                insert("insert into public.given select %d, '%s'"
                        .formatted(i + 1, texts.get(i).replace("'", "''")));
            }
            return read(database, "public.given");
        }

        /** Returns what plain statements store of these values in a column of the mirror's type. */
        Map<Integer, String> acceptWritten() {
            TestDatabase database = of(place.stage().authority());
            read(database, "public.given")
                    .keySet()
                    .forEach(id -> insert("insert into public.kept select * from public.given where id = " + id));
            return read(database, "public.kept");
        }

        /** While the modern side is authoritative, it is compared with the projected legacy row. */
        List<RecordKey> changedOnTheWayBack(Map<Integer, String> written) {
            TestDatabase database = of(place.stage().authority());
            if (place.stage().authority() == Side.LEGACY) {
                return List.of();
            }
            database.execute(
                    "drop table if exists public.back",
                    "create table public.back as table public.given with no data",
                    "insert into public.back select * from public.kept");
            return read(database, "public.back").entrySet().stream()
                    .filter(row -> !isSame(row.getValue(), written.get(row.getKey())))
                    .map(row -> RecordKey.of("" + row.getKey()))
                    .toList();
        }

        /** A number with another scale is the same, alone and in an array. */
        private static boolean isSame(@Nullable String one, @Nullable String other) {
            return Objects.equals(withoutScale(one), withoutScale(other));
        }

        private static @Nullable String withoutScale(@Nullable String text) {
            return text == null
                    ? null
                    : Pattern.compile("-?\\d+\\.\\d+")
                            .matcher(text)
                            .replaceAll(number -> new BigDecimal(number.group())
                                    .stripTrailingZeros()
                                    .toPlainString());
        }

        private void insert(String sql) {
            try {
                of(place.stage().authority()).dsl().execute(sql);
            } catch (DataAccessException e) {
                assertThat(e.sqlState()).startsWith("2");
            }
        }

        void writeAccepted(StoredValues type) throws InterruptedException {
            String insert = "insert into %s.%s select * from public.given returning id";
            rows(type)
                    .write(
                            dsl -> dsl.resultQuery(insert.formatted("legacy", type.table())),
                            dsl -> dsl.resultQuery(insert.formatted("modern", type.table())));
            settle(type);
        }

        void saveAgain(StoredValues type, Set<Integer> ids) throws InterruptedException {
            rows(type).saveAll(rows(type).findAll(ids));
            settle(type);
        }

        private Rows rows(StoredValues type) {
            return Objects.requireNonNull(repositories.get(type));
        }

        void settle(StoredValues type) throws InterruptedException {
            TableMapping mapping = mappings.get(type);
            crossfade.awaitLevel(Duration.ofMillis(50));
            Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                drain.intents(mapping, Duration.ZERO);
                return intents(mapping.entity()) == 0;
            });
        }

        private int intents(String entity) {
            int control = Intents.count(databases.controlDsl(), entity);
            return legacy == modern ? control : control + Intents.count(modern.dsl(), entity);
        }

        Map<Integer, String> rows(StoredValues type, boolean authoritative) {
            Side authority = place.stage().authority();
            Side side = authoritative ? authority : authority.opposite();
            return read(of(side), side.label() + "." + type.table());
        }

        private static Map<Integer, String> read(TestDatabase database, String table) {
            Map<Integer, String> rows = new TreeMap<>();
            database.dsl()
                    .fetch("select id, cast(v as text) from " + table)
                    .forEach(row -> rows.put(row.get(0, Integer.class), row.get(1, String.class)));
            return rows;
        }

        List<RecordKey> missed(StoredValues type) {
            return new MissedWrites(databases.controlDsl())
                    .list(Optional.of(type.entity()), 100).stream()
                            .map(one -> one.key())
                            .toList();
        }

        List<RecordKey> verified(StoredValues type) {
            return new Verification(databases, mappings.get(type), VerificationListener.NONE)
                    .run(false).differences().stream().map(Difference::key).toList();
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

    private record Type(TableMapping mapping) implements EntityType<Row, Integer> {

        @Override
        public List<Field<?>> fields() {
            return List.of(field(name("id"), Integer.class), field(name("v"), String.class));
        }

        @Override
        public Row fromRow(Record row) {
            return new Row(row.get(0, Integer.class), row.get(1, String.class));
        }

        @Override
        public List<@Nullable Object> values(Row row) {
            return Arrays.asList(row.id(), row.value());
        }

        @Override
        public List<Object> keyValues(Integer key) {
            return List.of(key);
        }

        @Override
        public Integer key(Row row) {
            return row.id();
        }
    }

    private interface RowRepository extends Repository<Row, Integer> {
        @Override
        RowRepository in(Transaction transaction);
    }

    private static final class SideRows extends SideRepository<Row, Integer> implements RowRepository {

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

    private static final class Rows extends DualWriteRepository<Row, Integer, RowRepository> {

        private Rows(Router router, TableMapping mapping) {
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
