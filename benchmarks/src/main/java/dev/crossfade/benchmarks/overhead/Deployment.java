package dev.crossfade.benchmarks.overhead;

import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.RoutedAccounts;
import dev.crossfade.benchmarks.accounts.SideAccounts;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One topology on fresh servers, with a service instance that has an entity at every stage, all of them level and equally
 * filled.
 */
final class Deployment implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
        new StageMoves(crossfade, databases)
                .move(Arrays.stream(Stage.values()).collect(Collectors.toMap(Deployment::entity, Function.identity())));
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

    private static AccountType type(AccountTables tables) {
        return new AccountType(tables.mapping());
    }

    private static String entity(Stage stage) {
        return stage.label().replace('-', '_');
    }
}
