package dev.crossfade.mappingfile;

import dev.crossfade.mapping.TableMapping.Kind;
import java.util.List;

/**
 * One entity as the file declares it, before any name is looked up.
 *
 * @param entity the entity's name
 * @param kind whether it names one table or two
 * @param legacy the legacy table; in a column mapping the one table
 * @param modern the modern table; in a column mapping the one table
 * @param key the pairs of key columns
 * @param project modern columns and their SQL
 * @param restore legacy columns and their SQL
 * @param roles the roles of modern columns that restore does not carry back
 */
record Declaration(
        Written entity,
        Kind kind,
        Written legacy,
        Written modern,
        List<KeyPair> key,
        List<ColumnExpression> project,
        List<ColumnExpression> restore,
        DeclaredRoles roles) {

    /** A word of the file and its line. */
    record Written(String text, int line) {}

    /**
     * The roles of modern columns.
     *
     * @param fill columns that know more than the legacy side, and the SQL for rows that have no value yet
     * @param derived columns that follow from other columns or other tables
     * @param ignore columns that are left alone
     */
    record DeclaredRoles(List<ColumnExpression> fill, List<Written> derived, List<Written> ignore) {}

    /** A legacy key column and the modern one. */
    record KeyPair(Written legacy, Written modern) {}

    /** A column and the SQL that it gets its value from. */
    record ColumnExpression(Written column, String expression) {}
}
