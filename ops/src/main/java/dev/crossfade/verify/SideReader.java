package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.UnexpectedException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.CanonicalTransaction.Work;
import dev.crossfade.sql.ServerMessage;
import java.sql.SQLException;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Reads rows of either side to compare them. Every look of this room at an entity's table is one of its transactions:
 * fixed text forms, a primary, and no row-level security, under which a hidden row would look like a deleted one, or a
 * table whose rows are hidden like an equal one.
 *
 * @param databases the databases of both sides
 */
record SideReader(Databases databases) {

    private static final long COUNTED_EXACTLY = 1_000_000;

    /**
     * Asks a question.
     *
     * @throws UnavailableException if the side cannot be read as a whole
     */
    <T> T ask(Side side, Function<DSLContext, T> question) {
        return read(side, connection -> question.apply(Databases.dsl(connection)));
    }

    /**
     * Reads in a transaction.
     *
     * @throws UnavailableException if the side cannot be read as a whole, or something unexpected happened to what was
     *     read
     */
    <T> T read(Side side, Work<T> work) {
        try {
            return CanonicalTransaction.in(databases.of(side), Limits.READING, work);
        } catch (SQLException e) {
            throw unreadable(side, e, e);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            if (cause != null && CanonicalTransaction.lacksPrivilege(cause)) {
                throw unreadable(side, cause, e);
            }
            throw e;
        } catch (CrossfadeException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            SQLException unexpected = UnexpectedException.of(e);
            throw unreadable(side, unexpected, unexpected);
        }
    }

    /** Counts a table's rows; of a large one, as the server estimates them. */
    long count(Relation relation, Side side) {
        return ask(side, dsl -> {
            long estimate = dsl.fetchSingle(
                            "select cast(reltuples as bigint) from pg_class where oid = to_regclass(?)",
                            Databases.renderer().render(relation.qualifiedName()))
                    .get(0, Long.class);
            return estimate > COUNTED_EXACTLY ? estimate : (long) dsl.fetchCount(relation.toTable());
        });
    }

    private static UnavailableException unreadable(Side side, SQLException reason, Exception failure) {
        return new UnavailableException(
                "The %s side cannot be read for the comparison: %s %s"
                        .formatted(
                                side.label(),
                                ServerMessage.sentence(ServerMessage.withoutValues(failure)),
                                CanonicalTransaction.remedy(reason, "Check the server and run it again.")),
                failure);
    }
}
