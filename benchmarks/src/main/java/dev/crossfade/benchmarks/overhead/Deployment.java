package dev.crossfade.benchmarks.overhead;

import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One topology on fresh servers, with a service instance that has an entity at every stage, all of them level and equally
 * filled.
 */
final class Deployment implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Author AUTHOR = new Author("benchmark", "an entity for each stage");

    private final int rows;
    private final Server legacy;
    private final Server modern;
    private final Databases databases;
    private final Crossfade crossfade;
    private final SideAccounts direct;
    private final HandWritten handWritten;
    private final Map<Stage, RoutedAccounts> routed = new EnumMap<>(Stage.class);

    /** Starts everything; the stages are reached step by step. */
    static Deployment start(Topology topology, int rows) throws Exception {
        Server legacy = Server.start(CONNECTIONS);
        Server modern = topology == Topology.ONE_DATABASE ? legacy : Server.start(CONNECTIONS);
        return new Deployment(legacy, modern, rows);
    }

    private Deployment(Server legacy, Server modern, int rows) throws Exception {
        this.rows = rows;
        this.legacy = legacy;
        this.modern = modern;
        this.databases = new Databases(legacy.dataSource(), modern.dataSource());
        this.crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .build();
        this.direct = new SideAccounts(crossfade.routing(), type(tables("direct")), Side.LEGACY);
        this.handWritten = new HandWritten(legacy.dataSource(), tables("by_hand"));
        for (Stage stage : Stage.values()) {
            routed.put(stage, new RoutedAccounts(crossfade.routing(), type(tables(entity(stage)))));
        }
        for (Stage stage : Stage.values()) {
            moveTo(stage);
        }
    }

    /** Returns the legacy repository, used without routing. */
    SideAccounts direct() {
        return direct;
    }

    /** Returns the hand-written dual write; of use where both schemas are in one database. */
    HandWritten handWritten() {
        return handWritten;
    }

    /** Returns the routed repository of the entity that stands at a stage. */
    RoutedAccounts routed(Stage stage) {
        return Objects.requireNonNull(routed.get(stage));
    }

    /** Waits until everything written is on the mirror. */
    void awaitLevel() throws InterruptedException {
        if (!crossfade.awaitLevel(PATIENCE)) {
            throw new IllegalStateException("The mirror is not level after " + PATIENCE.toSeconds() + " s.");
        }
    }

    @Override
    public void close() {
        crossfade.close();
        legacy.close();
        if (modern != legacy) {
            modern.close();
        }
    }

    private AccountTables tables(String name) throws SQLException {
        AccountTables tables = new AccountTables(name);
        legacy.execute(tables.legacySql(rows));
        modern.execute(tables.modernSql(rows));
        return tables;
    }

    /** Moves every entity that is to stand at {@code stage} or beyond, together. */
    private void moveTo(Stage stage) throws InterruptedException {
        if (stage == Stage.LEGACY_ONLY) {
            return;
        }
        List<String> entities = Arrays.stream(Stage.values())
                .filter(own -> own.compareTo(stage) >= 0)
                .map(Deployment::entity)
                .toList();
        crossfade.stages().change(new Request(entities, stage, AUTHOR, true));
        awaitAcknowledged();
    }

    private void awaitAcknowledged() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAcknowledged()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The service has not acknowledged its stages after " + PATIENCE.toSeconds() + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean isAcknowledged() {
        Map<String, Standing> standings = AuthorityTable.all(databases.controlDsl());
        return new Fleet(databases.controlDsl())
                .live().stream()
                        .allMatch(member -> member.acknowledged().entrySet().stream()
                                .allMatch(ack -> ack.getValue()
                                        >= Objects.requireNonNull(standings.get(ack.getKey()))
                                                .epoch()));
    }

    private static AccountType type(AccountTables tables) {
        return new AccountType(tables.mapping());
    }

    private static String entity(Stage stage) {
        return stage.label().replace('-', '_');
    }
}
