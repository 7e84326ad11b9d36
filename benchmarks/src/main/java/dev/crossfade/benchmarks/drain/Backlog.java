package dev.crossfade.benchmarks.drain;

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
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Accounts whose mirror is behind: every legacy row was updated, and no modern one. It is recreated for each run, with
 * vacuumed tables, so that no run pays for the one before.
 */
final class Backlog {

    private static final int CONNECTIONS = 20;
    private static final String NAME = "behind";
    /** The name of a poison row, which the modern table refuses. */
    private static final String POISON = "Poison";

    private final int keys;
    private final Server legacy;
    private final Server modern;
    private final Databases databases;
    private final TableMapping mapping;
    private int made;

    /** Starts servers with this many accounts. */
    Backlog(Topology topology, int keys, Resources resources) throws Exception {
        this.keys = keys;
        this.legacy = resources.opened(Server.start(CONNECTIONS));
        this.modern = topology == Topology.ONE_DATABASE ? legacy : resources.opened(Server.start(CONNECTIONS));
        this.databases = new Databases(legacy.dataSource(), modern.dataSource());
        AccountTables tables = new AccountTables(NAME);
        this.mapping = tables.mapping();
        legacy.execute(tables.legacySql(keys));
        modern.execute(tables.modernSql(keys));
        modern.execute("alter table modern.accounts_behind add check (full_name not like '" + POISON + "%')");
        ControlSchema.install(databases);
        try (Crossfade crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .build()) {
            RoutedAccounts accounts = new RoutedAccounts(crossfade.routing(), new AccountType(mapping));
            new StageMoves(crossfade, databases).move(Map.of(accounts.mapping().entity(), Stage.DUAL_WRITE));
        }
    }

    Databases databases() {
        return databases;
    }

    DataSource legacy() {
        return legacy.dataSource();
    }

    TableMapping mapping() {
        return mapping;
    }

    int keys() {
        return keys;
    }

    /**
     * Updates the legacy rows, so that the mirror is behind.
     *
     * @param poisonedEvery one row in this many does not fit the mirror; 0 for none
     */
    void fallBehind(int poisonedEvery) throws SQLException {
        made++;
        String first = poisonedEvery == 0
                ? "'First" + made + "'"
                : "case when id %% %d = 0 then '%s' else 'First%d' end".formatted(poisonedEvery, POISON, made);
        legacy.execute("update legacy.users_behind set first_name = " + first);
        legacy.execute("vacuum analyze legacy.users_behind");
        modern.execute("vacuum analyze modern.accounts_behind");
    }

    /** Notes an intent for each key. */
    void note() throws SQLException {
        legacy.execute("truncate crossfade.missed_write");
        legacy.execute(
                "insert into crossfade.intent (entity, key) select 'behind', array[cast(id as text)] from legacy.users_behind order by id");
        legacy.execute("vacuum analyze crossfade.intent");
    }

    /** Brings the whole mirror up to date with one statement, which is possible in one database only. */
    void copyAll() throws SQLException {
        legacy.execute("""
                insert into modern.accounts_behind (account_id, email, full_name)
                select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_behind
                on conflict (account_id) do update set email = excluded.email, full_name = excluded.full_name
                """);
    }

    /** Fails unless this many of the mirror's rows are up to date. */
    void requireLevel(int expected) throws SQLException {
        long level = count(
                modern.dataSource(),
                "select count(*) from modern.accounts_behind where full_name like 'First" + made + " %'");
        if (level != expected) {
            throw new IllegalStateException("Of %d rows %d are up to date, not %d.".formatted(keys, level, expected));
        }
    }

    private static long count(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
