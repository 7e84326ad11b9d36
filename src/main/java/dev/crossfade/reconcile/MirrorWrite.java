package dev.crossfade.reconcile;

import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.queue.ReferencedException;
import dev.crossfade.sql.RowTrace;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A statement that writes mirror rows.
 *
 * @param plain the statement
 * @param traced the statement in the form that tells its {@link RowTrace}
 * @param fitting the statement in the form that leaves out misfits, if it has one
 * @param refusals what a refusal says, beyond what the server has said
 * @param together how rows are told that depend on other rows, where the statement writes rows
 */
record MirrorWrite(
        TextStatement plain,
        TextStatement traced,
        Optional<Fitting> fitting,
        Refusals refusals,
        Optional<Together> together) {

    /** Of deletions: what stands in their way is not among them. */
    static MirrorWrite ofDeletions(TextStatement plain, TextStatement traced) {
        return new MirrorWrite(plain, traced, Optional.empty(), Refusals.OF_DELETIONS, Optional.empty());
    }

    /** Returns this, without the form that leaves out misfits where these are to be told by trial. */
    MirrorWrite told(Transfer.Diagnosis diagnosis) {
        return diagnosis == Transfer.Diagnosis.BY_RULE
                ? this
                : new MirrorWrite(plain, traced, Optional.empty(), refusals, together);
    }

    /**
     * Tells rows apart that depend on others.
     *
     * @param missing those that wait for rows to which they refer
     * @param exchanges those that take over values from each other which must be unique
     */
    record Together(MissingRows missing, Exchanges exchanges) {

        /** Makes it for a direction; see {@link Exchanges} for {@code reading}. */
        static Optional<Together> of(Projection projection, boolean reading) {
            return Optional.of(new Together(new MissingRows(projection, reading), new Exchanges(projection, reading)));
        }
    }

    /**
     * A statement that leaves out the rows that break some rules, and returns place and rule of each: see
     * {@link ProjectionSql#mirrorFitting}.
     *
     * @param table the one that is written
     * @param width how many of the values that the plain statement binds it binds
     * @param noting whether the plain statement notes what it could not keep: then it follows, for the rows that fit
     * @param statement for the rules
     */
    record Fitting(Relation table, int width, boolean noting, Function<List<TableRule>, TextStatement> statement) {}

    /** Tells what a statement's refusal of a row means, after it has been undone. */
    @FunctionalInterface
    interface Refusals {

        /** Those of deletions: other rows refer to the row. */
        Refusals OF_DELETIONS = (mirror, failure) -> ReferencedException.inDeletion(failure);

        /** Those of rows that are written to a table. */
        static Refusals ofWritesTo(Relation table) {
            return (mirror, failure) -> ReferencedException.inWrite(mirror, failure, table);
        }

        /** Returns the refusal to be dealt with. */
        SQLException of(Connection mirror, SQLException failure) throws SQLException;
    }
}
