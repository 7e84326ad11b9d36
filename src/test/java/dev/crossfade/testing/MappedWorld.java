package dev.crossfade.testing;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.MirrorOutageException;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;

/** One entity of any shape, in either topology, and a service that writes its records as texts. */
public final class MappedWorld implements AutoCloseable {

    private final TestDatabase legacy;
    private final TestDatabase modern;
    private final TableMapping mapping;
    private final Crossfade crossfade;
    private final TextRecords records;

    /** Runs the DDL of each side, and starts a service. */
    public MappedWorld(Topology topology, String legacyDdl, String modernDdl, TableMapping mapping) {
        this.legacy = TestDatabases.create();
        this.modern = topology == Topology.ONE_DATABASE ? legacy : TestDatabases.create();
        this.mapping = mapping;
        legacy.execute("create schema legacy", legacyDdl);
        modern.execute("create schema modern", modernDdl);
        this.crossfade = Crossfade.builder()
                .legacy(databases().legacy())
                .modern(databases().modern())
                .stagePolling(Duration.ofMillis(20))
                .build();
        this.records = new TextRecords(crossfade.routing(), mapping);
    }

    public Databases databases() {
        return legacy == modern ? legacy.databases() : new Databases(legacy.dataSource(), modern.dataSource());
    }

    public Crossfade crossfade() {
        return crossfade;
    }

    public TextRecords records() {
        return records;
    }

    public TestDatabase of(Side side) {
        return side == Side.LEGACY ? legacy : modern;
    }

    /** Returns the rows of a query on one side, each as the text of a row. */
    public List<String> rows(Side side, String query) {
        return of(side).dsl()
                .fetch("select cast(q as text) from (" + query + ") as q order by 1")
                .getValues(0, String.class);
    }

    /** Moves the entity to a stage, step by step; every step is forced. */
    public MappedWorld moveTo(Stage stage) {
        String entity = mapping.entity();
        while (crossfade.stages().standing(entity).stage() != stage) {
            Stage present = crossfade.stages().standing(entity).stage();
            Stage next = (present.compareTo(stage) < 0 ? present.next() : present.previous()).orElseThrow();
            crossfade
                    .stages()
                    .change(new Request(List.of(entity), next, new Author("test", "a test's own step"), true));
            awaitAcknowledged(entity);
        }
        return this;
    }

    private void awaitAcknowledged(String entity) {
        long epoch = Objects.requireNonNull(
                        AuthorityTable.all(databases().controlDsl()).get(entity))
                .epoch();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> new Fleet(databases().controlDsl())
                        .live().stream()
                                .allMatch(member -> member.acknowledged().getOrDefault(entity, epoch) >= epoch));
    }

    /** Drains the backlog as the worker does, missed writes at once. */
    public MappedWorld drain() {
        Drain drain = new Drain(databases(), new Reconciler(databases(), ReconcileListener.NONE));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(MirrorOutageException.class)
                .until(() -> {
                    drain.intents(mapping, Duration.ZERO);
                    Operators.retry(databases().controlDsl(), mapping.entity());
                    drain.missedWrites(mapping);
                    return waiting() == 0;
                });
        return this;
    }

    private int waiting() {
        int intents = Intents.count(databases().controlDsl(), mapping.entity());
        if (legacy != modern) {
            intents += Intents.count(Databases.dsl(databases().modern()), mapping.entity());
        }
        return intents + new MissedWrites(databases().controlDsl()).count(mapping.entity());
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
