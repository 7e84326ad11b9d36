package dev.crossfade.testing;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.Users.DualWriteUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;

/** Both schemas with the users of {@link Users}, in either topology, and as many service instances as a test starts. */
public final class World implements AutoCloseable {

    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final Databases databases;
    private final List<Crossfade> instances = new ArrayList<>();

    /** Creates empty tables in a topology. */
    public World(Topology topology) {
        this(TestDatabases.create(), topology == Topology.ONE_DATABASE ? null : TestDatabases.create());
    }

    /** Creates empty tables in given databases; {@code separate} is null for one database. */
    public World(TestDatabase legacy, @Nullable TestDatabase separate) {
        this.legacy = legacy;
        this.modern = separate == null ? legacy : separate;
        this.databases =
                separate == null ? legacy.databases() : new Databases(legacy.dataSource(), separate.dataSource());
        legacy.execute(Users.LEGACY_DDL);
        modern.execute(Users.MODERN_DDL);
    }

    public Databases databases() {
        return databases;
    }

    public TestDatabase legacy() {
        return legacy;
    }

    public TestDatabase modern() {
        return modern;
    }

    /** Starts a service instance. */
    public Crossfade start() {
        return start(RoutingSettings.DEFAULTS);
    }

    /** Starts a service instance with settings of its own. */
    public Crossfade start(RoutingSettings settings) {
        return start(settings, databases);
    }

    /** Starts a service instance with settings and connections of its own. */
    public Crossfade start(RoutingSettings settings, Databases connections) {
        return start(builder -> builder.legacy(connections.legacy())
                .modern(connections.modern())
                .routing(settings));
    }

    /** Starts a service instance on these databases with whatever else is to be set. */
    public Crossfade start(UnaryOperator<Crossfade.Builder> settings) {
        Crossfade crossfade = settings.apply(Crossfade.builder()
                        .legacy(databases.legacy())
                        .modern(databases.modern())
                        .stagePolling(Duration.ofMillis(20)))
                .build();
        instances.add(crossfade);
        return crossfade;
    }

    /** Starts an instance whose users are at a stage; every step on the way there is forced. */
    public DualWriteUsers usersAt(Stage stage) {
        Crossfade crossfade = start();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        moveTo(crossfade, stage);
        return users;
    }

    /** Moves the users to a stage, step by step, overruling the gates but never the fleet's acknowledgement. */
    public void moveTo(Crossfade crossfade, Stage stage) {
        while (crossfade.stages().standing("user").stage() != stage) {
            Stage present = crossfade.stages().standing("user").stage();
            Stage next = (present.compareTo(stage) < 0 ? present.next() : present.previous()).orElseThrow();
            step(crossfade, next);
        }
    }

    /** Ends an instance before the test is over. */
    public void stop(Crossfade crossfade) {
        crossfade.close();
        instances.remove(crossfade);
    }

    /** Returns the database of one side. */
    public TestDatabase of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Moves the users one step and waits until every instance has acknowledged it. */
    public void step(Crossfade crossfade, Stage next) {
        crossfade.stages().change(new Request(List.of("user"), next, new Author("test", "a test's own step"), true));
        awaitAcknowledged();
    }

    /** Waits until every instance has acknowledged the users' present stage. */
    public void awaitAcknowledged() {
        long epoch = Objects.requireNonNull(
                        AuthorityTable.all(databases.controlDsl()).get("user"))
                .epoch();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> new Fleet(databases.controlDsl())
                        .live().stream()
                                .allMatch(member -> member.acknowledged().getOrDefault("user", epoch) >= epoch));
    }

    /** Waits for the last statements of dead clients: the server still finishes them. */
    public void awaitNoOtherWriter() {
        for (TestDatabase database : List.of(legacy, modern)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> database.dsl().fetchValue("""
                                    select count(*) from pg_stat_activity
                                    where datname = current_database() and pid <> pg_backend_pid()
                                        and (state = 'active' or backend_xid is not null)
                                    """).equals(0L));
        }
    }

    /** Returns how many intents there are in both databases. */
    public int intents() {
        int control = Intents.count(databases.controlDsl(), "user");
        return databases.areShared() ? control : control + Intents.count(Databases.dsl(databases.modern()), "user");
    }

    /** Returns how many missed writes there are. */
    public int missedWrites() {
        return new MissedWrites(databases.controlDsl()).count("user");
    }

    /** Returns the rows that differ between the sides, computed here rather than by the product. */
    public List<String> differences() {
        Result<?> projected = rows(
                Databases.dsl(databases.legacy()),
                "select id, lower(btrim(email)), concat_ws(' ', first_name, last_name) from legacy.users order by 1");
        Result<?> stored = rows(
                Databases.dsl(databases.modern()),
                "select account_id::int, email, full_name::text from modern.accounts order by 1");
        List<String> left = new ArrayList<>(projected.map(row -> row.intoList().toString()));
        List<String> right = new ArrayList<>(stored.map(row -> row.intoList().toString()));
        List<String> both = new ArrayList<>(left);
        both.retainAll(right);
        left.removeAll(both);
        right.removeAll(both);
        left.addAll(right);
        return left;
    }

    /**
     * Drains everything that any instance left, as the worker does, missed writes at once.
     *
     * @return how many keys were brought up to date
     */
    public int drain() {
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        AtomicInteger applied = new AtomicInteger();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(MirrorOutageException.class)
                .until(() -> {
                    applied.addAndGet(
                            drain.intents(Users.MAPPING, Duration.ZERO).applied());
                    Operators.retry(databases.controlDsl(), "user");
                    applied.addAndGet(drain.missedWrites(Users.MAPPING).applied());
                    return intents() == 0 && missedWrites() == 0;
                });
        return applied.get();
    }

    @Override
    public void close() {
        instances.forEach(Crossfade::close);
        legacy.close();
        if (modern != legacy) {
            modern.close();
        }
    }

    private static Result<?> rows(DSLContext database, String sql) {
        return database.fetch(sql);
    }
}
