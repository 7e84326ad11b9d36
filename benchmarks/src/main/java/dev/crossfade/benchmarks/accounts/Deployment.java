package dev.crossfade.benchmarks.accounts;

import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One topology on fresh servers, with a service instance that has an entity at each of some stages. All mirrors are up
 * to date, and all tables equally full.
 */
public final class Deployment implements AutoCloseable {

    private static final int CONNECTIONS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int rows;
    private final Server legacy;
    private final Server modern;
    private final Databases databases;
    private final Crossfade crossfade;
    private final SideAccounts direct;
    private final HandWritten handWritten;
    private final JdbcAccounts handWrittenLegacy;
    private final List<JdbcAccounts> handWrittenPair;
    private final Map<Stage, RoutedAccounts> routed = new EnumMap<>(Stage.class);

    /** Starts everything. The entities are moved to their stages step by step. */
    public static Deployment start(Topology topology, int rows, Stage... stages) throws Exception {
        Server legacy = Server.start(CONNECTIONS);
        Server modern = topology == Topology.ONE_DATABASE ? legacy : Server.start(CONNECTIONS);
        return new Deployment(legacy, modern, rows, List.of(stages));
    }

    private Deployment(Server legacy, Server modern, int rows, List<Stage> stages) throws Exception {
        this.rows = rows;
        this.legacy = legacy;
        this.modern = modern;
        this.databases = new Databases(legacy.dataSource(), modern.dataSource());
        ControlSchema.install(databases);
        this.crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .build();
        this.direct = new SideAccounts(crossfade.routing(), type(tables("direct")), Side.LEGACY);
        this.handWritten = new HandWritten(legacy.dataSource(), tables("by_hand"));
        this.handWrittenLegacy = JdbcAccounts.legacy(legacy.dataSource(), tables("legacy_by_hand"));
        AccountTables pair = tables("pair_by_hand");
        this.handWrittenPair =
                List.of(JdbcAccounts.legacy(legacy.dataSource(), pair), JdbcAccounts.modern(modern.dataSource(), pair));
        for (Stage stage : stages) {
            routed.put(stage, new RoutedAccounts(crossfade.routing(), type(tables(entity(stage)))));
        }
        new StageMoves(crossfade, databases)
                .move(stages.stream().collect(Collectors.toMap(Deployment::entity, Function.identity())));
    }

    /** Returns the legacy repository, used without routing. */
    public SideAccounts direct() {
        return direct;
    }

    /** Returns the hand-written dual write, for both schemas in one database. */
    public HandWritten handWritten() {
        return handWritten;
    }

    /** Returns the hand-written save on the legacy side alone. */
    public JdbcAccounts handWrittenLegacy() {
        return handWrittenLegacy;
    }

    /** Returns the hand-written saves on the legacy and the modern side, each in its own transaction. */
    public List<JdbcAccounts> handWrittenPair() {
        return handWrittenPair;
    }

    /** Returns the routed repository of the entity at a stage. */
    public RoutedAccounts routed(Stage stage) {
        return Objects.requireNonNull(routed.get(stage));
    }

    /** Waits until every write is on the mirror. */
    public void awaitLevel() throws InterruptedException {
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
