package dev.crossfade.benchmarks.flip;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.RoutedAccounts;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.Map;

/** A service on fresh servers that moves its own authority between the sides, through the pool that its callers use. */
final class MovingService {

    private static final AccountTables TABLES = new AccountTables("moving");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The connections of the suite itself. */
    private static final int CONNECTIONS = 4;

    private final Crossfade crossfade;
    private final StageMoves moves;
    private final RoutedAccounts accounts;

    /** Starts everything; it lives until {@code resources} are closed. */
    MovingService(Topology topology, int pool, int rows, Resources resources) throws Exception {
        Server legacy = resources.opened(Server.start(CONNECTIONS));
        Server modern = topology == Topology.ONE_DATABASE ? legacy : resources.opened(Server.start(CONNECTIONS));
        legacy.execute(TABLES.legacySql(rows));
        modern.execute(TABLES.modernSql(rows));
        ControlSchema.install(new Databases(legacy.dataSource(), modern.dataSource()));
        HikariDataSource ofLegacy = resources.opened(Server.connect(Server.url(legacy.port()), pool));
        HikariDataSource ofModern = topology == Topology.ONE_DATABASE
                ? ofLegacy
                : resources.opened(Server.connect(Server.url(modern.port()), pool));
        this.crossfade = resources.opened(
                Crossfade.builder().legacy(ofLegacy).modern(ofModern).build());
        this.accounts = new RoutedAccounts(crossfade.routing(), new AccountType(TABLES.mapping()));
        this.moves = new StageMoves(crossfade, new Databases(legacy.dataSource(), modern.dataSource()));
        moves.move(Map.of(TABLES.name(), Stage.MODERN_READ));
    }

    RoutedAccounts accounts() {
        return accounts;
    }

    /** Moves the authority to the other side; returns how long that took. */
    Duration move() throws InterruptedException {
        boolean legacyDecides = crossfade.stage(TABLES.name()) == Stage.MODERN_READ;
        long start = System.nanoTime();
        moves.step(TABLES.name(), legacyDecides ? Stage.MODERN_PRIMARY : Stage.MODERN_READ);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    void awaitLevel() throws InterruptedException {
        if (!crossfade.awaitLevel(PATIENCE)) {
            throw new IllegalStateException("The mirror is not level after " + PATIENCE.toSeconds() + " s.");
        }
    }
}
