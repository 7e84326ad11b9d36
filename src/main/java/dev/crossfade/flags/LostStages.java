package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Distinguishes a new entity from one whose stage was lost: recorded again at its first stage, it would be written on
 * the legacy side while the modern side has the last writes.
 *
 * @param databases the databases of both sides
 * @param firstStart whether the control schema was created just now
 */
public record LostStages(Databases databases, boolean firstStart) {

    /** The SQLSTATEs of a missing table, schema and function. */
    private static final Set<String> SCHEMA_VANISHED =
            Set.of(SqlState.UNDEFINED_TABLE, SqlState.UNKNOWN_SCHEMA, SqlState.UNDEFINED_FUNCTION);

    /**
     * Makes sure that an entity which the control database does not know was never moved.
     *
     * @throws RefusedException if it was
     * @throws UnavailableException if it is not known and the modern database cannot be read
     */
    public void require(TableMapping mapping) {
        String entity = mapping.entity();
        DSLContext control = databases.controlDsl();
        if (AuthorityTable.find(control, entity).isPresent()) {
            return;
        }
        StageHistory.history(control, entity, 1).stream().findFirst().ifPresent(last -> {
            throw lost(entity, "the record of its stages ends with %s".formatted(last.to()));
        });
        if (!databases.areShared()) {
            fence(entity)
                    .map(Fence::standing)
                    .filter(fenced -> fenced.epoch() > 0)
                    .ifPresent(fenced -> {
                        throw lost(entity, "the modern database's fence says " + text(fenced));
                    });
        }
        if (firstStart) {
            requireNothingCopied(databases, mapping);
        }
    }

    private Optional<Fence> fence(String entity) {
        try {
            return AuthorityTable.fence(databases.dsl(Side.MODERN), entity);
        } catch (DataAccessException e) {
            throw new UnavailableException(
                    "%s The modern database cannot be used. The server said: %s"
                            .formatted(unknown(entity), ServerMessage.sentence(ServerMessage.ofDriver(e))),
                    e);
        }
    }

    /** Says why an unknown entity cannot start without the modern database. */
    public static String unknown(String entity) {
        return "The control database does not know %s. Only the modern database can tell whether its record was lost there, so %s is not begun at legacy-only without it."
                .formatted(entity, entity);
    }

    /**
     * Makes sure that the modern table of an entity is empty if there is no control schema, or was none until just
     * now.
     *
     * @throws RefusedException if it has rows
     */
    public static void requireNothingCopied(Databases databases, TableMapping mapping) {
        if (mapping.kind() == TableMapping.Kind.TABLE && hasRows(databases, mapping.modern())) {
            throw new RefusedException(
                    "%s has rows, and the database had no schema crossfade: either that was lost, or the rows were copied by hand. If it was lost, restore it. If %s is to begin at legacy-only, run `crossfade install`, and try again."
                            .formatted(mapping.modern(), mapping.entity()));
        }
    }

    private static boolean isThere(DSLContext database, Relation relation) {
        return database.fetchSingle(
                        "select to_regclass(?) is not null",
                        Databases.renderer().render(relation.qualifiedName()))
                .get(0, Boolean.class);
    }

    /** Rows that a policy hides from the login must not make the table look empty. */
    private static boolean hasRows(Databases databases, Relation modern) {
        try {
            return CanonicalTransaction.in(databases.modern(), Limits.READING, connection -> {
                DSLContext dsl = Databases.dsl(connection);
                return isThere(dsl, modern) && dsl.fetchExists(dsl.selectOne().from(modern.toTable()));
            });
        } catch (SQLException e) {
            throw unknown(modern, e, e);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            throw unknown(modern, cause == null ? new SQLException(e) : cause, e);
        }
    }

    private static UnavailableException unknown(Relation modern, SQLException reason, Exception failure) {
        return new UnavailableException(
                "Whether %s has rows cannot be told, and the database had no schema crossfade. The server said: %s %s"
                        .formatted(
                                modern,
                                ServerMessage.sentence(ServerMessage.of(failure)),
                                CanonicalTransaction.remedy(reason, "Bring the database back first.")),
                failure);
    }

    /** Says why the stages cannot be read. */
    public static String reason(Throwable failure) {
        boolean vanished = SCHEMA_VANISHED.contains(FailureClass.sqlState(failure));
        return vanished
                ? "Crossfade's own schema has vanished from the control database. Writes are refused where they need it. Restore it; do not make it anew: `crossfade status` says what is left."
                : String.valueOf(failure.getMessage());
    }

    private static RefusedException lost(String entity, String known) {
        return new RefusedException(
                "The control database has lost the stage of %s: %s. It is not begun anew. Restore the schema crossfade, or see `crossfade recover %s`."
                        .formatted(entity, known, entity));
    }

    private static String text(Standing standing) {
        return "%s (epoch %s)".formatted(standing.stage().label(), standing.epoch());
    }
}
