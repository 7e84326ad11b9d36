package dev.crossfade.statement;

import static org.jooq.impl.DSL.noCondition;

import dev.crossfade.mapping.Projection;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;

/**
 * The statements that save records while legacy decides, and check in the same statement whether the modern side
 * would get back what was given: they project the row that the server stored, after triggers and defaults, and
 * compare it with the record. They bind the same values as {@link ProjectionSql}'s statements of the same names, and
 * bypass capture in the same way.
 *
 * <p>The last column that they return is an array that {@link Alteration#read} reads. A change of a refused column
 * raises an error with SQLSTATE {@value SqlState#GIVEN_REFUSED}, and nothing is stored.
 */
public sealed interface GivenSql permits GivenRecordSql, GivenRecordsSql {

    /**
     * Creates the statements.
     *
     * @param projection from the legacy side to the modern one
     * @param leased whether they refuse to write after a lease has ended; they then bind its end twice
     */
    static GivenSql of(Projection projection, RowBinding binding, GivenCheck check, boolean leased) {
        var permission = leased ? ProjectionSql.LEASE : noCondition();
        return binding == RowBinding.ONE
                ? new GivenRecordSql(projection, check, permission)
                : new GivenRecordsSql(projection, binding, check, permission);
    }

    /** Upserts records; returns the key of each row written, and its alterations. */
    TextStatement save();

    /**
     * As {@link #save()}, and appends an intent for each key. Returns id, key and alterations; the alterations may come
     * in rows of their own, which have a key and no id.
     */
    TextStatement saveAndNote();

    /**
     * As {@link #save()}, and projects the rows written to the mirror. Returns the number of rows written, key and
     * alterations; the alterations may come in rows of their own, which have a key and no number.
     */
    TextStatement saveAndMirror();
}
