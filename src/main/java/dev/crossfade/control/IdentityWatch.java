package dev.crossfade.control;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity.Sighting;
import dev.crossfade.model.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that one of two databases was promoted without its last transactions, restored or replaced. Each database
 * remembers the other one as last seen. One may have lost what the other still has, so every entity is frozen then.
 * If both sides share one database, all records go back together and there is nothing to compare. Thread-safe.
 */
public final class IdentityWatch {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityWatch.class);

    /**
     * Held exclusively, in the control database, by whoever freezes entities after a look, or accepts the databases.
     */
    private static final String LOCK = "crossfade/identity";

    private final Databases databases;

    /**
     * The result of a look.
     *
     * @param change what shows that a database has changed its identity, empty if nothing does
     * @param unreachable why the modern database could not be reached, null if it was reached or is not needed
     */
    public record IdentityComparison(
            Optional<String> change, @Nullable SQLException unreachable) {}

    /** Watches the databases of both sides. */
    public IdentityWatch(Databases databases) {
        this.databases = databases;
    }

    /**
     * Looks at both databases. If both kept their identity, each records the other's current state; otherwise every
     * entity is frozen.
     *
     * @return what shows that one has changed its identity; empty if nothing does, or if the modern one cannot be
     *         reached
     * @throws DataAccessException if the control database cannot be read
     */
    public Optional<String> look() {
        return compare().change();
    }

    /**
     * As {@link #look}, and says why the modern database was left out, if it was.
     *
     * @throws DataAccessException if the control database cannot be read
     */
    public IdentityComparison compare() {
        if (databases.areShared()) {
            return new IdentityComparison(Optional.empty(), null);
        }
        // Connect before holding anything in the control database: this one may be down for long.
        try (Connection modern = databases.modern().getConnection()) {
            return new IdentityComparison(compare(modern), null);
        } catch (SQLException e) {
            LOG.debug("The modern database cannot be reached.", e);
            return new IdentityComparison(databases.controlDsl().connectionResult(IdentityWatch::lookAlone), e);
        }
    }

    private Optional<String> compare(Connection modern) {
        try {
            return databases.controlDsl().connectionResult(legacy -> look(legacy, modern));
        } catch (DataAccessException e) {
            LOG.debug("The databases cannot be compared.", e);
            return databases.controlDsl().connectionResult(IdentityWatch::lookAlone);
        }
    }

    private static Optional<String> lookAlone(Connection legacy) throws SQLException {
        Optional<String> alone = changeAlone(legacy);
        return alone.isEmpty()
                ? alone
                : underLock(legacy, () -> {
                    Optional<String> change = changeAlone(legacy);
                    change.ifPresent(reason -> freezeAll(Databases.dsl(legacy), reason));
                    return change;
                });
    }

    private static Optional<String> look(Connection legacy, Connection modern) throws SQLException {
        Sighting here = Sighting.of(legacy);
        Sighting there = Sighting.of(modern);
        Optional<String> change = change(legacy, here, there);
        if (change.isPresent()) {
            return underLock(legacy, () -> freezeIfChanged(legacy, modern));
        }
        remember(Databases.dsl(modern), here.identity());
        remember(Databases.dsl(legacy), there.identity());
        return change;
    }

    private static Optional<String> freezeIfChanged(Connection legacy, Connection modern) throws SQLException {
        Optional<String> change = change(legacy, modern);
        if (change.isPresent()) {
            Map<String, Standing> standings = AuthorityTable.all(Databases.dsl(legacy));
            standings.forEach((entity, standing) -> AuthorityTable.raise(Databases.dsl(modern), entity, standing));
            freezeAll(Databases.dsl(legacy), change.get());
            freezeAll(Databases.dsl(modern), change.get());
        }
        return change;
    }

    /**
     * Looks once more while nobody can accept the databases: a look from before an acceptance would freeze again what
     * was just recovered.
     */
    private static Optional<String> underLock(Connection legacy, Callable<Optional<String>> look) {
        return ControlTransaction.across(Databases.dsl(legacy)).result(control -> {
            lock(control);
            return look.call();
        });
    }

    private static void lock(DSLContext control) {
        control.fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", LOCK);
    }

    private static Optional<String> changeAlone(Connection legacy) throws SQLException {
        return changeOf(Side.LEGACY, Sighting.of(legacy).change(null));
    }

    /**
     * Returns what shows that one of two databases has changed its identity, empty if nothing does.
     *
     * @param legacy a connection to the legacy database
     * @param modern a connection to the modern database
     */
    public static Optional<String> change(Connection legacy, Connection modern) throws SQLException {
        return change(legacy, Sighting.of(legacy), Sighting.of(modern));
    }

    private static Optional<String> change(Connection legacy, Sighting here, Sighting there) throws SQLException {
        Optional<String> ofModern = changeOf(Side.MODERN, there.change(here.other()));
        if (ofModern.isPresent() || here.change(there.other()).isEmpty()) {
            return ofModern;
        }
        // The note in the modern database may be newer than this look at the legacy one, so look at the latter again.
        return changeOf(Side.LEGACY, Sighting.of(legacy).change(there.other()));
    }

    private static Optional<String> changeOf(Side side, Optional<String> change) {
        return change.map(what -> beginning(side) + what + ".");
    }

    private static String beginning(Side side) {
        return "the %s database is not what it was: ".formatted(side.label());
    }

    /**
     * Tells whether an entity was frozen because of the modern database: then the control database still has every
     * stage.
     */
    public static boolean isOfModern(String frozen) {
        return frozen.startsWith(beginning(Side.MODERN));
    }

    /** Increments this database's beat and remembers the other database; an older look never replaces a newer one. */
    private static void remember(DSLContext database, DatabaseIdentity other) {
        IdentityTable.beat(database);
        IdentityTable.remember(database, other);
    }

    private static void freezeAll(DSLContext database, String reason) {
        int frozen = AuthorityTable.freeze(database, null, reason);
        if (frozen > 0) {
            LOG.error(
                    "{} {} entities are frozen: nothing is applied, repaired or moved until `crossfade recover` has decided which side wins.",
                    reason,
                    frozen);
        }
    }

    /**
     * Accepts both databases as they are now and forgets their earlier identities. That concerns every entity, so
     * each one that is not frozen yet is frozen here, until it is recovered itself. Call it first in both
     * transactions: it blocks looks of others until they end.
     *
     * @param control within a transaction of the control database
     * @param modern within a transaction of the modern database, null if both sides share one database
     */
    public static void accept(DSLContext control, @Nullable DSLContext modern) {
        lock(control);
        if (modern != null) {
            Optional<String> change =
                    control.connectionResult(here -> modern.connectionResult(there -> change(here, there)));
            change.ifPresent(reason -> {
                freezeAll(control, reason);
                freezeAll(modern, reason);
            });
            IdentityTable.accept(modern);
        }
        IdentityTable.accept(control);
    }
}
