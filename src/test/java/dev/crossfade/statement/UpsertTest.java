package dev.crossfade.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpsertTest {

    private static final String SETS_KEY = "\"id\" = excluded.\"id\"";

    /** Setting a key column waits for transactions that refer to the row, so it is left alone if it cannot differ. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    integer                     ; false
                    text                        ; false
                    character varying(5)        ; false
                    character(6)                ; false
                    uuid                        ; false
                    numeric(8,2)                ; false
                    timestamp(3) with time zone ; false
                    numeric                     ; true
                    bpchar                      ; true
                    numeric[]                   ; true
                    public.citext               ; true
                    public.anything             ; true
                    """)
    void aMirrorRowTakesOverItsKeyWhereTheTypeHasManySpellings(String type, boolean taken) {
        Column key = new Column("id", type);
        Column note = new Column("note", "text");
        TableMapping mapping = TableMapping.table("thing")
                .legacy("legacy", "thing")
                .modern("modern", "thing")
                .key(key, key)
                .project(note, "note")
                .restore(note, "note")
                .build();
        for (Side authority : Side.values()) {
            ProjectionSql sql = new ProjectionSql(mapping.from(authority));

            assertThat(List.of(sql.writeTarget(), sql.mirrorPresent()))
                    .allSatisfy(statement ->
                            assertThat(statement.sql().contains(SETS_KEY)).isEqualTo(taken));
            assertThat(sql.saveAndMirror().sql().split(SETS_KEY, -1))
                    .as("the record keeps its spelling")
                    .hasSize(taken ? 2 : 1);
            assertThat(sql.save().sql()).doesNotContain(SETS_KEY);
        }
    }
}
