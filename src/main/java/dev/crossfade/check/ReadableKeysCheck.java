package dev.crossfade.check;

import dev.crossfade.check.Probe.Answer.Value;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.UndecodableText;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Field;

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
        List<Field<String>> texts = relation.keyTexts();
        boolean unreadable = probe.ask(dsl -> dsl.select(texts)
                                .from(relation.aliased())
                                .limit(SourceRow.SAMPLE.rows())
                                .fetch(one -> new RecordKey(
                                        texts.stream().map(one::get).toList())))
                        instanceof Value<List<RecordKey>> keys
                && keys.value().stream().anyMatch(UndecodableText::isIn);
        if (!unreadable) {
            return List.of();
        }
        String columns = relation.key().stream().map(Column::name).collect(Collectors.joining(", "));
        return List.of(Finding.warning(
                row.live().path("key"),
                "A key of %s has bytes that are no text in UTF8: its database stores what it is given, in any encoding (SQL_ASCII). No service can read its row. Within one database it is copied all the same; between two it is a missed write, and a difference, under the name not-utf8: and its bytes."
                        .formatted(relation),
                "Find it in %s, with client_encoding set to SQL_ASCII, and store it in UTF8; where it is LATIN1, that is convert_from(convert(convert_to(the column, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII')."
                        .formatted(columns)));
    }
}
