package dev.crossfade.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.Side;
import dev.crossfade.testing.Users;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementMarkTest {

    @ParameterizedTest
    @ValueSource(strings = {"a*/ drop table t; /*", "a?b", "it's", "ünï", "a\nb", "{0}"})
    void noNameEndsTheComment(String entity) {
        StatementMark mark = StatementMark.of(entity);

        assertThat(List.of(mark.routes(), mark.mirrors())).allSatisfy(comment -> {
            assertThat(comment).matches("/\\* crossfade (routes|mirrors) [A-Za-z0-9%+._-]+ \\*/");
            assertThat(comment.indexOf("*/")).isEqualTo(comment.length() - 2);
        });
    }

    @Test
    void onlyWritesThatAreSeenToAreMarked() {
        StatementMark mark = StatementMark.of("user");
        ProjectionSql direct = new ProjectionSql(Users.MAPPING.from(Side.LEGACY));
        ProjectionSql routed = direct.routed();

        assertThat(List.of(
                        routed.save(),
                        routed.saveAndNote(),
                        routed.saveAndMirror(),
                        routed.delete(),
                        routed.leased().save(),
                        routed.deleteAndNote()))
                .allSatisfy(statement -> assertThat(statement.sql()).endsWith(mark.routes()));
        assertThat(List.of(direct.save(), direct.delete()))
                .allSatisfy(statement -> assertThat(statement.sql()).doesNotContain("/*"));
        assertThat(List.of(
                        direct.mirrorPresent(),
                        direct.mirrorAbsent(),
                        direct.writeTarget(),
                        direct.deleteTarget(),
                        direct.insertTarget(),
                        direct.insertAbsentTarget()))
                .allSatisfy(statement -> assertThat(statement.sql()).endsWith(mark.mirrors()));
    }
}
