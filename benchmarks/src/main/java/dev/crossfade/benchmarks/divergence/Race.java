package dev.crossfade.benchmarks.divergence;

import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import dev.crossfade.benchmarks.accounts.RoutedAccounts;
import dev.crossfade.benchmarks.accounts.Sides;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.benchmarks.launchdarkly.LaunchDarkly;
import dev.crossfade.benchmarks.launchdarkly.PlainAccounts;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One topology on fresh servers with two entities in {@code DUAL_WRITE}: one written through Crossfade, one through
 * LaunchDarkly's {@code Migration}. Half of the keys exist from the start, so writers race to insert too.
 */
final class Race {

    private static final int CONNECTIONS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final AccountTables MIRRORED = new AccountTables("mirrored");
    private static final AccountTables PEER = new AccountTables("peer");

    private final int keys;
    private final Sides sides;
    private final Crossfade crossfade;
    private final RoutedAccounts mirrored;
    private final LaunchDarkly peer;

    /** Starts everything; it lives until {@code resources} are closed. */
    Race(Topology topology, int keys, Resources resources) throws Exception {
        this.keys = keys;
        Server legacy = resources.opened(Server.start(CONNECTIONS));
        Server modern = topology == Topology.ONE_DATABASE ? legacy : resources.opened(Server.start(CONNECTIONS));
        for (AccountTables tables : List.of(MIRRORED, PEER)) {
            legacy.execute(tables.legacySql(keys / 2));
            modern.execute(tables.modernSql(keys / 2));
        }
        this.sides = new Sides(legacy.dataSource(), modern.dataSource());
        Databases databases = new Databases(sides.legacy(), sides.modern());
        ControlSchema.install(databases);
        this.crossfade = resources.opened(Crossfade.builder()
                .legacy(sides.legacy())
                .modern(sides.modern())
                .build());
        this.mirrored = new RoutedAccounts(crossfade.routing(), new AccountType(MIRRORED.mapping()));
        new StageMoves(crossfade, databases).move(Map.of(MIRRORED.name(), Stage.DUAL_WRITE));
        this.peer = resources.opened(new LaunchDarkly(
                Stage.DUAL_WRITE,
                PlainAccounts.writing(JdbcAccounts.legacy(sides.legacy(), PEER)),
                PlainAccounts.writing(JdbcAccounts.modern(sides.modern(), PEER))));
    }

    /** Races two writers for every key; returns how many keys differ afterwards. */
    int meetThroughCrossfade() throws Exception {
        Writers.meetAtEveryKey(keys, mirrored::save);
        return diverged();
    }

    /** As {@link #meetThroughCrossfade}, through LaunchDarkly. */
    int meetThroughPeer() throws Exception {
        Writers.meetAtEveryKey(keys, peer::save);
        return sides.diverged(PEER);
    }

    /** Saves and deletes at random through Crossfade; returns how many keys differ afterwards. */
    int roam(int writes) throws Exception {
        Writers.roam(keys, writes, mirrored::save, mirrored::delete);
        return diverged();
    }

    private int diverged() throws Exception {
        if (!crossfade.awaitLevel(PATIENCE)) {
            throw new IllegalStateException("The mirror is not level after " + PATIENCE.toMinutes() + " min.");
        }
        return sides.diverged(MIRRORED);
    }
}
