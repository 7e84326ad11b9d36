package dev.crossfade.queue;

import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A mirror row could not be deleted or changed, because rows of another table or of its own refer to it. Its message
 * names their table and the foreign key, no values, and says what to do.
 *
 * <p>Servers report a broken foreign key with one SQLSTATE, 23503, and with the same fields, whichever of its two
 * ends was written; only the text differs, in the server's language. (Since PostgreSQL 18 a {@code RESTRICT} key
 * reports 23001.) Here both have 23001, so that the stored SQLSTATE differs from that of rows that wait for a parent.
 */
public final class ReferencedException extends SQLException {

    private static final long serialVersionUID = 1;

    /**
     * Tells whether a foreign key of another table refers to the written table. Comparing the table's name is not
     * enough: a row written through a partitioned table or a view is refused under the name of the table behind it.
     */
    private static final TextStatement IS_REFERENCE_TO = new TextStatement("""
            with recursive written (id) as (
                select cast(to_regclass(format('%I.%I', cast(? as text), cast(? as text))) as oid)
                union
                select i.inhrelid from pg_inherits as i join written on i.inhparent = written.id
            )
            select exists (
                select from pg_constraint
                where contype = 'f' and conname = cast(? as text)
                    and conrelid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
                    and conrelid not in (select id from written where id is not null)
                    and confrelid in (select id from written))
            """);

    private ReferencedException(String message, SQLException refusal) {
        super(message, SqlState.RESTRICT_VIOLATION);
        // Not as the cause: then its SQLSTATE would count.
        addSuppressed(refusal);
    }

    /**
     * Wraps the failure of a deletion that broke a foreign key; the cause can only be rows that refer to the deleted
     * one.
     */
    public static SQLException inDeletion(SQLException failure) {
        return isOfForeignKey(failure) ? of(failure) : failure;
    }

    /**
     * Wraps the failure of an insertion or update that broke a foreign key of another table; returns any other
     * failure unchanged.
     *
     * <p>For a table that refers to itself the row counts as one that waits for its parent.
     *
     * @param connection to the server that refused it, in a transaction that has not failed
     * @param written the table that was written
     */
    public static SQLException inWrite(Connection connection, SQLException failure, Relation written)
            throws SQLException {
        if (FailureClass.of(failure) == FailureClass.REFERENCED) {
            return of(failure);
        }
        Optional<ServerMessage.ForeignKey> broken =
                isOfForeignKey(failure) ? ServerMessage.foreignKey(failure) : Optional.empty();
        if (broken.isEmpty()) {
            return failure;
        }
        ServerMessage.ForeignKey key = broken.get();
        if (key.schema().equals(written.schema()) && key.table().equals(written.table())) {
            return failure;
        }
        boolean others = IS_REFERENCE_TO
                .query(
                        connection,
                        row -> row.getBoolean(1),
                        written.schema(),
                        written.table(),
                        key.constraint(),
                        key.schema(),
                        key.table())
                .getFirst();
        return others ? of(failure) : failure;
    }

    private static boolean isOfForeignKey(SQLException failure) {
        FailureClass kind = FailureClass.of(failure);
        return kind == FailureClass.WAITS_FOR_PARENT || kind == FailureClass.REFERENCED;
    }

    private static SQLException of(SQLException failure) {
        if (failure instanceof ReferencedException) {
            return failure;
        }
        String who = ServerMessage.foreignKey(failure)
                .map(key -> "rows of %s.%s refer to it by %s".formatted(key.schema(), key.table(), key.constraint()))
                .orElse("other rows refer to it");
        return new ReferencedException(
                who + ": they must go first; mirrored ones do by themselves, delete others by hand, then retry",
                failure);
    }
}
