package dev.crossfade.check;

import dev.crossfade.check.Probe.Answer.Refusal;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.SqlState;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks whether the first keys of a table can be read. A {@code SQL_ASCII} database stores bytes of any encoding,
 * but a UTF8 client gets an error for invalid ones and can read no further than such a key.
 *
 * @param row the table
 * @param probe its database
 */
record ReadableKeysCheck(SourceRow row, Probe probe) {

    List<Finding> findings() {
        Relation relation = row.relation();
        boolean unreadable = probe.ask(dsl -> dsl.select(relation.keyTexts())
                                .from(relation.aliased())
                                .limit(SourceRow.SAMPLE.rows())
                                .fetch()
                                .size())
                        instanceof Refusal<?> refusal
                && refusal.sqlState().equals(SqlState.CHARACTER_NOT_IN_REPERTOIRE);
        if (!unreadable) {
            return List.of();
        }
        String columns = relation.key().stream().map(Column::name).collect(Collectors.joining(", "));
        return List.of(Finding.warning(
                row.live().path("key"),
                "A key of %s has bytes that are no text in UTF8: its database stores what it is given, in any encoding (SQL_ASCII). Backfill, verification and worker cannot read it, and stop there."
                        .formatted(relation),
                "Find it in %s, with client_encoding set to SQL_ASCII, and store it in UTF8; where it is LATIN1, that is convert_from(convert(convert_to(the column, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII')."
                        .formatted(columns)));
    }
}
