package dev.crossfade.benchmarks.verify;

import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** A legacy and a modern table of some 230 bytes a row, equal, with a primary key and a unique index on either side. */
final class Customers {

    private static final int CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String COLUMNS = """
            email text not null unique, %s, street text not null, city text not null, note text not null,
            born date, balance numeric(12,2) not null, active boolean not null, created_at timestamptz not null
            """;
    private static final String VALUES = """
            n, 'customer' || n || '@example.org', %s, n %% 97 || ' Long Winding Street', 'City of ' || n %% 1000,
            repeat(md5(n::text), 3), date '1950-01-01' + (n %% 20000)::int, n %% 100000 / 100.0, n %% 7 <> 0,
            timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute' from generate_series(1, %d) as n
            """;
    private static final String LEGACY_HASH = """
            select count(*), bit_xor(hash_record_extended(row(id, lower(email), concat_ws(' ', first_name, last_name),
                street, city, note, born, balance, active, created_at), 0)) from legacy.customers
            """;
    private static final String MODERN_HASH = """
            select count(*), bit_xor(hash_record_extended(row(id, email, full_name,
                street, city, note, born, balance, active, created_at), 0)) from modern.customers
            """;

    private final Server legacy;
    private final Server modern;
    private final Databases databases;

    /** Starts servers with so many equal rows, whose writes are mirrored. */
    Customers(Topology topology, int rows, Resources resources) throws Exception {
        this.legacy = resources.opened(Server.start(CONNECTIONS));
        this.modern = topology == Topology.ONE_DATABASE ? legacy : resources.opened(Server.start(CONNECTIONS));
        this.databases = new Databases(legacy.dataSource(), modern.dataSource());
        legacy.execute("create schema legacy; create table legacy.customers (id bigint primary key, "
                + COLUMNS.formatted("first_name text not null, last_name text not null") + ")");
        modern.execute("create schema modern; create table modern.customers (id bigint primary key, "
                + COLUMNS.formatted("full_name text not null") + ")");
        legacy.execute("insert into legacy.customers select " + VALUES.formatted("'First' || n, 'Last' || n", rows));
        modern.execute("insert into modern.customers select " + VALUES.formatted("'First' || n || ' Last' || n", rows));
        ControlSchema.install(databases);
        AuthorityTable.register(databases.controlDsl(), mapping().entity());
        AuthorityFlip noFlip = new AuthorityFlip(
                databases,
                new Drain(databases, new Reconciler(databases, ReconcileListener.NONE)),
                entity -> Optional.of(mapping()),
                PATIENCE);
        new StageChanger(databases, List.of(), noFlip, GateListener.NONE)
                .change(new Request(
                        List.of(mapping().entity()), Stage.DUAL_WRITE, new Author("benchmark", null), false));
        settle();
    }

    Databases databases() {
        return databases;
    }

    /** Returns how the modern row follows from the legacy one. */
    static TableMapping mapping() {
        TableMapping.Builder mapping = TableMapping.table("customer")
                .legacy("legacy", "customers")
                .modern("modern", "customers")
                .key(new Column("id", "bigint"), new Column("id", "bigint"))
                .project(new Column("email", "text"), "lower(email)")
                .project(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)")
                .restore(new Column("email", "text"), "email")
                .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
                .restore(new Column("last_name", "text"), "split_part(full_name, ' ', 2)");
        Map.of(
                        "street", "text",
                        "city", "text",
                        "note", "text",
                        "born", "date",
                        "balance", "numeric(12,2)",
                        "active", "boolean",
                        "created_at", "timestamp with time zone")
                .forEach((name, type) ->
                        mapping.project(new Column(name, type), name).restore(new Column(name, type), name));
        return mapping.build();
    }

    /** Makes some modern rows differ, scattered over the table. */
    void spoil(int rows, int every) throws SQLException {
        modern.execute("update modern.customers set city = city || '!' where id %% %d = 0 and id <= %d"
                .formatted(every, (long) rows * every));
        settle();
    }

    /** Makes all rows equal again. */
    void mend() throws SQLException {
        modern.execute("update modern.customers set city = rtrim(city, '!') where city like '%!'");
        settle();
    }

    /** Nothing is left for the servers to tidy up while something is timed. */
    private void settle() throws SQLException {
        legacy.execute("vacuum analyze");
        modern.execute("vacuum analyze");
        legacy.execute("checkpoint");
        modern.execute("checkpoint");
    }

    /** Runs the query by hand that proves a side, returns what it says. */
    String hash(boolean ofLegacy) throws SQLException {
        DataSource side = ofLegacy ? legacy.dataSource() : modern.dataSource();
        try (Connection connection = side.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ofLegacy ? LEGACY_HASH : MODERN_HASH)) {
            row.next();
            return row.getString(1) + " " + row.getString(2);
        }
    }
}
