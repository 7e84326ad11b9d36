package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MappingCheckColumnsIT {

    private static final Column ID = new Column("id", "integer");
    private static final Column TENANT = new Column("tenant", "integer");

    private TwoSides sides;

    @AfterEach
    void drop() {
        sides.close();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void columnsOfOneLegacyTableAreMappedInPlace(Topology topology) {
        table(topology, "first text, last text, full_name text");
        sides.legacy("insert into legacy.users values (1, 1, 'Ada', 'Lovelace', null)");

        assertThat(sides.check(names("concat_ws(' ', first, last)"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    first text, last text, full_name text not null ; project.full_name ; modern column 'full_name'
                    first text not null, last text, full_name text ; restore.first     ; legacy column 'first'
                    """)
    void columnsThatFollowMustBeNullableOrHaveADefault(String columns, String part, String problem) {
        table(Topology.ONE_DATABASE, columns);

        assertThat(sides.check(names("concat_ws(' ', first, last)")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user." + part);
                    assertThat(finding.problem()).contains(problem, "rows are first written without it");
                });
    }

    @Test
    void projectCannotReadWhatItDerives() {
        table(Topology.ONE_DATABASE, "first text, last text, full_name text");

        assertThat(sides.check(names("coalesce(full_name, concat_ws(' ', first, last))")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.project.full_name");
                    assertThat(finding.problem()).contains("reads full_name, which the mapping itself derives");
                });
    }

    @Test
    void aColumnIsModernOrLegacyAndNotBoth() {
        table(Topology.ONE_DATABASE, "first text, last text, full_name text");
        TableMapping mapping = TableMapping.columns("user")
                .legacy("legacy", "users")
                .key(ID, ID)
                .project(new Column("first", "text"), "last")
                .restore(new Column("first", "text"), "tenant::text")
                .shared(TENANT)
                .build();

        assertThat(sides.check(mapping))
                .anyMatch(finding -> finding.problem().contains("under project and under restore"));
    }

    @Test
    void aColumnThatNothingWritesMustNotBeNotNull() {
        table(Topology.ONE_DATABASE, "first text, last text, full_name text, ignored int not null");

        assertThat(sides.check(names("concat_ws(' ', first, last)")))
                .extracting(Finding::path, Finding::isError)
                .containsExactly(tuple("entities.user.ignore", true));
    }

    @ParameterizedTest
    @CsvSource({"first, on delete set null, 1", "tenant, on delete set null, 0", "first, on delete cascade, 0"})
    void theDatabaseMustNotChangeColumnsThatOthersFollowFrom(String column, String action, int errors) {
        table(Topology.ONE_DATABASE, "first text, last text, full_name text");
        sides.legacy(
                "create table legacy.texts (first text primary key, tenant int unique)",
                "alter table legacy.users add foreign key (%s) references legacy.texts (%s) %s"
                        .formatted(column, column, action));

        assertThat(sides.check(names("concat_ws(' ', first, last)"))).hasSize(errors);
    }

    private void table(Topology topology, String columns) {
        sides = TwoSides.create(topology)
                .legacy("create table legacy.users (id int primary key, tenant int, " + columns + ")");
    }

    private static TableMapping names(String fullName) {
        return TableMapping.columns("user")
                .legacy("legacy", "users")
                .key(ID, ID)
                .shared(TENANT)
                .project(new Column("full_name", "text"), fullName)
                .restore(new Column("first", "text"), "split_part(full_name, ' ', 1)")
                .restore(new Column("last", "text"), "split_part(full_name, ' ', 2)")
                .build();
    }
}
