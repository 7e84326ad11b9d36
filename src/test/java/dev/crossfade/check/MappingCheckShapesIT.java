package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.check.Finding.Severity;
import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks of the kinds of mapped tables. */
class MappingCheckShapesIT {

    private static final String ORDINARY = "create table %s.meters (id int primary key, a int)";

    /** The statements run in the schema of one side; the other side has an ordinary table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ERROR | Other tables inherit from | create table %1$s.meters (id int primary key, a int); create table %1$s.old () inherits (%1$s.meters)",
                "ERROR | inherits from %1$s.parent | create table %1$s.parent (a int); create table %1$s.meters (id int primary key) inherits (%1$s.parent)",
                "WARNING | is a partition of %1$s.parent | create table %1$s.parent (id int primary key, a int) partition by range (id); create table %1$s.meters partition of %1$s.parent default",
                "ERROR | is unlogged | create unlogged table %1$s.meters (id int primary key, a int)",
                "ERROR | Rules rewrite the statements on %1$s.meters (also) | create table %1$s.meters (id int primary key, a int); create rule also as on insert to %1$s.meters do also notify m",
                "ERROR | Rules rewrite | create table %1$s.meters (id int primary key, a int); create rule never as on delete to %1$s.meters do instead nothing",
                "WARNING | in which different texts are equal | create collation %1$s.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false); create table %1$s.meters (id int primary key, a int, t text collate %1$s.ci unique)",
            })
    void whatMakesATableUnfitOrDoubtfulIsNamed(Severity severity, String problem, String tables) {
        for (Topology topology : Topology.values()) {
            for (String side : List.of("legacy", "modern")) {
                try (TwoSides sides = TwoSides.create(topology)) {
                    String given = tables.formatted(side);
                    sides.legacy(side.equals("legacy") ? given : ORDINARY.formatted("legacy"))
                            .modern(side.equals("modern") ? given : ORDINARY.formatted("modern"));

                    assertThat(sides.check(mapping("meter", "meters")).stream()
                                    .filter(finding -> !finding.problem().contains("has no role")))
                            .singleElement()
                            .satisfies(finding -> {
                                assertThat(finding.severity()).isEqualTo(severity);
                                assertThat(finding.path()).isEqualTo("entities.meter." + side);
                                assertThat(finding.problem()).contains(problem.formatted(side));
                            });
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void partitionedTablesAndDisabledRulesAreFine(Topology topology) {
        try (TwoSides sides = TwoSides.create(topology)) {
            sides.legacy(
                            ORDINARY.formatted("legacy"),
                            "create rule never as on insert to legacy.meters do instead nothing",
                            "alter table legacy.meters disable rule never")
                    .modern(
                            "create table modern.meters (id int primary key, a int) partition by range (id)",
                            "create table modern.some partition of modern.meters for values from (0) to (10)");

            assertThat(sides.check(mapping("meter", "meters"))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ONE_DATABASE, WARNING", "TWO_DATABASES, ERROR"})
    void largeObjectsAreNotCopiedBetweenDatabases(Topology topology, Severity severity) {
        try (TwoSides sides = TwoSides.create(topology)) {
            sides.legacy("create domain legacy.lo as oid; create table legacy.meters (id int primary key, a legacy.lo)")
                    .modern("create table modern.meters (id int primary key, a oid)");
            TableMapping mapping = TableMapping.table("meter")
                    .legacy("legacy", "meters")
                    .modern("modern", "meters")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .project(new Column("a", "oid"), "a")
                    .restore(new Column("a", "legacy.lo"), "a")
                    .build();

            assertThat(sides.check(mapping))
                    .filteredOn(finding -> finding.problem().contains("large objects"))
                    .extracting(Finding::path, Finding::severity)
                    .containsExactlyInAnyOrder(
                            tuple("entities.meter.project.a", severity), tuple("entities.meter.restore.a", severity));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', WARNING, mirrored by the statement that writes them",
        "not null, '', ERROR, never get in",
        "not null, deferrable, WARNING, mirrored by the statement that writes them"
    })
    void tablesThatReferToEachOtherInACircleAreNamedWithTheirForeignKeys(
            String nullable, String deferrable, Severity severity, String what) {
        for (Topology topology : Topology.values()) {
            try (TwoSides sides = TwoSides.create(topology)) {
                sides.legacy(
                                "create table legacy.x (id int primary key, a int)",
                                "create table legacy.y (id int primary key, a int)")
                        .modern(
                                "create table modern.x (id int primary key, a int " + nullable + ")",
                                "create table modern.y (id int primary key, a int " + nullable
                                        + " references modern.x)",
                                "alter table modern.x add foreign key (a) references modern.y " + deferrable);

                assertThat(sides.check(mapping("x", "x"), mapping("y", "y")))
                        .filteredOn(finding -> finding.problem().contains("in a circle"))
                        .allMatch(finding -> finding.problem().contains(what))
                        .extracting(Finding::path, Finding::severity)
                        .containsExactly(tuple("entities.x.modern", severity), tuple("entities.y.modern", severity));
                assertThat(sides.check(mapping("x", "x")))
                        .noneMatch(finding -> finding.problem().contains("in a circle"));
            }
        }
    }

    @Test
    void aCircleOverAnotherKeyThanThatOfTheMappingIsSaid() {
        try (TwoSides sides = TwoSides.create(Topology.ONE_DATABASE)) {
            sides.legacy(
                            "create table legacy.x (id int primary key, a int)",
                            "create table legacy.y (id int primary key, a int)")
                    .modern(
                            "create table modern.x (id int primary key, a int unique)",
                            "create table modern.y (id int primary key, a int references modern.x (a))",
                            "alter table modern.x add foreign key (a) references modern.y");

            assertThat(sides.check(mapping("x", "x"), mapping("y", "y")))
                    .filteredOn(finding -> finding.problem().contains("in a circle"))
                    .hasSize(2)
                    .allMatch(finding -> finding.severity() == Severity.WARNING
                            && finding.problem().contains("other columns than the key"));
        }
    }

    private static TableMapping mapping(String entity, String table) {
        return TableMapping.table(entity)
                .legacy("legacy", table)
                .modern("modern", table)
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("a", "integer"), "a")
                .restore(new Column("a", "integer"), "a")
                .build();
    }
}
