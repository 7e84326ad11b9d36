package dev.crossfade.benchmarks.isolation;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import dev.crossfade.benchmarks.accounts.RoutedAccounts;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.benchmarks.launchdarkly.LaunchDarkly;
import dev.crossfade.benchmarks.launchdarkly.PlainAccounts;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One topology on fresh servers: an entity in {@code LEGACY_ONLY}, one in {@code DUAL_WRITE}, and one that
 * LaunchDarkly's {@code Migration} writes to both sides. The mirrors of the latter two can be put into trouble.
 */
final class Installation {

    private static final int ROWS = 10_000;
    private static final int CONNECTIONS = 16;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AccountTables UNMIRRORED = new AccountTables("unmirrored");
    private static final AccountTables MIRRORED = new AccountTables("mirrored");
    private static final AccountTables PEER = new AccountTables("peer");

    private final Server modern;
    private final Troublemaker troublemaker;
    /** Throws for the mirrors' names, as Crossfade and the peer's handler write them. */
    private final ThrowingDriver driver =
            new ThrowingDriver(List.of("\"modern\".\"accounts_" + MIRRORED.name(), "modern.accounts_" + PEER.name()));

    private final Crossfade crossfade;
    private final RoutedAccounts unmirrored;
    private final RoutedAccounts mirrored;
    private final LaunchDarkly peer;
    private @Nullable Connection locking;

    /** Starts everything, with healthy mirrors that are up to date; it lives until {@code resources} are closed. */
    Installation(Topology topology, Resources resources) throws Exception {
        Server legacy = resources.opened(Server.start(CONNECTIONS));
        this.modern = topology == Topology.ONE_DATABASE ? legacy : resources.opened(Server.start(CONNECTIONS));
        for (AccountTables tables : List.of(UNMIRRORED, MIRRORED, PEER)) {
            legacy.execute(tables.legacySql(ROWS));
            modern.execute(tables.modernSql(ROWS));
        }
        DataSource legacySide = driver.before(legacy.dataSource());
        DataSource modernSide;
        if (topology == Topology.ONE_DATABASE) {
            this.troublemaker = resources.opened(new TriggerTroubles(modern, List.of(MIRRORED, PEER)));
            modernSide = legacySide;
        } else {
            ProxyTroubles relay = resources.opened(new ProxyTroubles(modern.port()));
            this.troublemaker = relay;
            modernSide = driver.before(resources.opened(pool(relay.port())));
        }
        Databases databases = new Databases(legacySide, modernSide);
        ControlSchema.install(databases);
        this.crossfade = resources.opened(
                Crossfade.builder().legacy(legacySide).modern(modernSide).build());
        this.unmirrored = new RoutedAccounts(crossfade.routing(), new AccountType(UNMIRRORED.mapping()));
        this.mirrored = new RoutedAccounts(crossfade.routing(), new AccountType(MIRRORED.mapping()));
        new StageMoves(crossfade, databases).move(Map.of(MIRRORED.name(), Stage.DUAL_WRITE));
        this.peer = resources.opened(new LaunchDarkly(
                Stage.DUAL_WRITE,
                PlainAccounts.writing(JdbcAccounts.legacy(legacySide, PEER)),
                PlainAccounts.writing(JdbcAccounts.modern(modernSide, PEER))));
    }

    /** Saves to the legacy side alone. */
    void saveUnmirrored(SplittableRandom random) {
        unmirrored.save(account(random));
    }

    /** Saves through Crossfade to both sides. */
    void saveMirrored(SplittableRandom random) {
        mirrored.save(account(random));
    }

    /** Saves through LaunchDarkly's {@code Migration} to both sides. */
    void saveByPeer(SplittableRandom random) {
        peer.save(account(random));
    }

    /** Puts the mirrors into trouble. */
    void begin(Trouble trouble) throws Exception {
        switch (trouble) {
            case HEALTHY -> {
                // nothing to do
            }
            case SLOW, HUNG, REFUSING -> troublemaker.begin(trouble);
            case LOCKED -> lock();
            case ERROR -> driver.arm(true);
        }
    }

    /** Ends the trouble; releases everybody who waits because of it. */
    void end() throws Exception {
        driver.arm(false);
        troublemaker.end();
        Connection held = locking;
        if (held != null) {
            locking = null;
            held.rollback();
            held.setAutoCommit(true);
            held.close();
        }
    }

    /** Waits until every save is on the mirror. */
    void awaitLevel() throws InterruptedException {
        if (!crossfade.awaitLevel(PATIENCE)) {
            throw new IllegalStateException(
                    "The mirror is not level " + PATIENCE.toSeconds() + " s after its trouble ended.");
        }
    }

    private void lock() throws Exception {
        Connection connection = modern.dataSource().getConnection();
        connection.setAutoCommit(false);
        locking = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table modern.accounts_%s, modern.accounts_%s in access exclusive mode"
                    .formatted(MIRRORED.name(), PEER.name()));
        }
    }

    private static HikariDataSource pool(int port) {
        HikariConfig settings = Server.settings(Server.url(port), CONNECTIONS);
        settings.setConnectionTimeout(LONGEST_CONNECT.toMillis());
        return new HikariDataSource(settings);
    }

    private static Account account(SplittableRandom random) {
        return AccountTables.account(random, ROWS);
    }
}
