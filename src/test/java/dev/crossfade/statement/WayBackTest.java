package dev.crossfade.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WayBackTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            l            | m              | text                        | text
            L            | M              | json                        | json
            old.l        | new.m          | integer                     | integer
            "l"          | new."m"        | bigint                      | integer
            l            | m              | numeric                     | numeric(10,2)
            l            | m              | text                        | character varying(10)
            l            | m              | timestamp without time zone | timestamp(3) without time zone
            """)
    void aColumnThatBothSidesCopyIsNotLookedAt(String project, String restore, String legacy, String modern) {
        TableMapping mapping = mapping(project, restore, legacy, modern);

        assertThat(WayBack.uncertain(mapping)).isEmpty();
        assertThat(GivenCheck.of(mapping, false, column -> false, column -> true)
                        .isEmpty())
                .isTrue();
        assertThat(WayBackSql.isNeeded(mapping.from(Side.MODERN))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            lower(l)     | m              | text                        | text
            l            | lower(m)       | text                        | text
            l            | id             | bigint                      | bigint
            other.l      | m              | text                        | text
            id           | m              | bigint                      | bigint
            l            | m              | integer                     | bigint
            l            | m              | numeric(10,2)               | numeric
            l            | m              | character varying(10)       | text
            l            | m              | character(10)               | character(5)
            l            | m              | date                        | timestamp without time zone
            "L"          | m              | text                        | text
            1            | m              | integer                     | integer
            """)
    void anyOtherColumnIs(String project, String restore, String legacy, String modern) {
        TableMapping mapping = mapping(project, restore, legacy, modern);

        assertThat(WayBack.uncertain(mapping)).hasSize(1);
        assertThat(WayBackSql.isNeeded(mapping.from(Side.MODERN))).isTrue();
        assertThat(WayBackSql.isNeeded(mapping.from(Side.LEGACY))).isFalse();
    }

    /** Mappings that need no comparison do not pay for it: their statements are unchanged. */
    @Test
    void theStatementForBothSidesIsAsItWasWhereEveryColumnIsCopied() {
        for (RowBinding binding : new RowBinding[] {RowBinding.ONE, RowBinding.MANY}) {
            ProjectionSql copied =
                    new ProjectionSql(mapping("l", "m", "text", "text").from(Side.MODERN), binding);
            ProjectionSql changed =
                    new ProjectionSql(mapping("lower(l)", "m", "text", "text").from(Side.MODERN), binding);

            assertThat(copied.saveAndMirror().sql())
                    .startsWith("with \"crossfade_written\" as (insert into \"n\".\"new\"")
                    .doesNotContain("note_way_back", "crossfade_back");
            assertThat(changed.saveAndMirror().sql()).contains("note_way_back");
        }
    }

    private static TableMapping mapping(String project, String restore, String legacy, String modern) {
        return TableMapping.table("thing")
                .legacy("o", "old")
                .modern("n", "new")
                .key(new Column("id", "bigint"), new Column("id", "bigint"))
                .project(new Column("m", modern), project)
                .restore(new Column("l", legacy), restore)
                .build();
    }
}
