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
 * Reads rows of either side to compare them. This package reads an entity's table only in transactions of this class.
 * They fix the text forms, require a primary, and fail under row-level security: a hidden row would look like a
 * deleted one, and a table with all rows hidden like an equal one.
 *
 * @param databases the databases of both sides
 */
record SideReader(Databases databases) {

    private static final long COUNTED_EXACTLY = 1_000_000;

    /**
     * Runs a query.
     *
     * @throws UnavailableException if the side cannot be read as a whole
     */
    <T> T ask(Side side, Function<DSLContext, T> question) {
        return read(side, connection -> question.apply(Databases.dsl(connection)));
    }

    /**
     * Reads in a transaction.
     *
     * @throws UnavailableException if the side cannot be read as a whole, or the rows fail unexpectedly
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

    /** Counts a table's rows; for a large one, returns the server's estimate. */
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
