package dev.crossfade.capture;

import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.query;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.time.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;

/**
 * Installs triggers that note an intent for each key written past the routing layer: by psql, batch jobs, other
 * services, or the service's own statements beside Crossfade. Both sides get the triggers. Only those of the
 * authoritative side note anything, and only in stages with a mirror.
 */
public final class Capture {

    private static final String BOTH = "BOTH";
    private final Databases databases;
    private final LockPatience patience;

    /** Works on the databases of both sides. */
    public Capture(Databases databases, LockPatience patience) {
        this.databases = databases;
        this.patience = patience;
    }

    /**
     * Installs the triggers of an entity, or brings them up to date. Earlier writes past the service were not
     * captured, so a sweep of the entity is requested if it has a mirror already.
     *
     * @throws RefusedException if a table's lock cannot be acquired
     */
    public void install(TableMapping mapping) {
        if (mapping.kind() == TableMapping.Kind.COLUMN) {
            install(Side.LEGACY, new CaptureSql(mapping.entity(), BOTH, mapping.legacy()));
            return;
        }
        if (!databases.areShared()) {
            // The modern database's triggers read the stage from its own copy.
            AuthorityTable.find(databases.controlDsl(), mapping.entity())
                    .ifPresent(
                            standing -> AuthorityTable.raise(databases.dsl(Side.MODERN), mapping.entity(), standing));
        }
        for (Side side : Side.values()) {
            install(side, new CaptureSql(mapping.entity(), side.name(), mapping.relation(side)));
        }
    }

    /**
     * Removes the triggers of an entity, whose mapping need not be known any more. Tells whether there were any.
     *
     * @throws RefusedException if a table's lock cannot be acquired
     */
    public boolean remove(String entity) {
        boolean found = remove(Side.LEGACY, entity);
        return databases.areShared() ? found : found | remove(Side.MODERN, entity);
    }

    /** Returns what is installed, by entity and side; the mappings tell whether it is up to date. */
    public List<CaptureState> states(List<TableMapping> mappings) {
        Map<String, TableMapping> known =
                mappings.stream().collect(Collectors.toMap(TableMapping::entity, mapping -> mapping));
        List<CaptureState> states = new ArrayList<>(states(databases.dsl(Side.LEGACY), known));
        if (!databases.areShared()) {
            states.addAll(states(databases.dsl(Side.MODERN), known));
        }
        return states;
    }

    /** As {@link #states(List)}, of one side's database, with nothing to compare with. */
    public static List<CaptureState> states(DSLContext database) {
        return states(database, Map.of());
    }

    private static List<CaptureState> states(DSLContext database, Map<String, TableMapping> mappings) {
        return database.fetch("""
                        select obj_description(p.oid, 'pg_proc'), p.proname, n.nspname || '.' || c.relname,
                               count(t.oid) filter (where t.tgenabled = 'A'), p.prosrc
                        from pg_proc p
                        left join pg_trigger t on t.tgfoid = p.oid
                        left join pg_class c on c.oid = t.tgrelid
                        left join pg_namespace n on n.oid = c.relnamespace
                        where p.pronamespace = to_regnamespace('crossfade') and p.proname ~ '^capture_(legacy|modern|both)_'
                        group by p.oid, n.nspname, c.relname
                        order by 1, 2
                        """).map(row -> {
            String entity = String.valueOf(row.get(0, String.class));
            String side = CaptureSql.side(row.get(1, String.class));
            boolean current = Optional.ofNullable(mappings.get(entity))
                    .flatMap(mapping -> sql(mapping, side))
                    .map(sql -> sql.body().equals(row.get(4, String.class)))
                    .orElse(true);
            return new CaptureState(
                    entity,
                    side.toLowerCase(Locale.ROOT),
                    Optional.ofNullable(row.get(2, String.class)),
                    row.get(3, Integer.class),
                    current);
        });
    }

    private static Optional<CaptureSql> sql(TableMapping mapping, String side) {
        boolean inPlace = mapping.kind() == TableMapping.Kind.COLUMN;
        if (inPlace != side.equals(BOTH)) {
            return Optional.empty();
        }
        Side decisive = inPlace ? Side.LEGACY : Side.valueOf(side);
        return Optional.of(new CaptureSql(mapping.entity(), side, mapping.relation(decisive)));
    }

    private void install(Side side, CaptureSql sql) {
        String table = sql.relation().toString();
        locking(side, table, transaction -> {
            transaction.execute(query(
                    "lock table {0} in share row exclusive mode", sql.relation().qualifiedName()));
            transaction.execute(sql.createFunction());
            transaction.execute(sql.describeFunction());
            sql.createTriggers().forEach(transaction::execute);
            transaction.execute(sql.requestSweep());
        });
    }

    private boolean remove(Side side, String entity) {
        boolean[] found = {false};
        locking(side, "the table of " + entity, transaction -> {
            transaction
                    .fetch("""
                            select p.proname, t.tgname, n.nspname, c.relname
                            from pg_proc p
                            left join pg_trigger t on t.tgfoid = p.oid
                            left join pg_class c on c.oid = t.tgrelid
                            left join pg_namespace n on n.oid = c.relnamespace
                            where p.pronamespace = to_regnamespace('crossfade') and p.proname ~ '^capture_(legacy|modern|both)_'
                              and obj_description(p.oid, 'pg_proc') = ?
                            """, entity)
                    .intoGroups(row -> name("crossfade", row.get(0, String.class)))
                    .forEach((function, triggers) -> {
                        found[0] = true;
                        triggers.stream()
                                .filter(row -> row.get(1) != null)
                                .forEach(row -> transaction.execute(query(
                                        "drop trigger {0} on {1}",
                                        name(row.get(1, String.class)),
                                        table(row.get(2, String.class), row.get(3, String.class)))));
                        transaction.execute(query("drop function {0}()", function));
                    });
        });
        return found[0];
    }

    private static Name table(String schema, String table) {
        return name(schema, table);
    }

    /** Runs work in a transaction that waits for locks only briefly, and retries it. */
    private void locking(Side side, String table, Consumer<DSLContext> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                ControlTransaction.on(databases.dsl(side)).run(transaction -> {
                    transaction.fetch(
                            "select set_config('lock_timeout', ?, true), pg_advisory_xact_lock(hashtextextended('crossfade/capture', 0))",
                            Long.toString(patience.timeout().toMillis()));
                    work.accept(transaction);
                });
                return;
            } catch (DataAccessException e) {
                if (!SqlState.LOCK_NOT_AVAILABLE.equals(FailureClass.sqlState(e))) {
                    throw new UnavailableException(
                            "Capture of %s could not be changed. The server said: %s"
                                    .formatted(table, ServerMessage.sentence(ServerMessage.of(e))),
                            e);
                }
                if (attempt >= patience.attempts()) {
                    throw new RefusedException(
                            "The lock on %s was not to be had within %s ms, %s times. Nothing was changed there. Look in pg_stat_activity for long transactions that write it, end them or wait, and run the same command again."
                                    .formatted(table, patience.timeout().toMillis(), patience.attempts()));
                }
                Pause.of(
                        patience.pauseAfter(attempt),
                        interrupted -> new CrossfadeException(
                                "Waiting for a table's lock was interrupted. Run the same command again.",
                                interrupted));
            }
        }
    }
}
