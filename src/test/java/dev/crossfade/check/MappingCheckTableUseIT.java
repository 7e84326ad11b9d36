package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.check.Finding.Severity;
import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingCheckTableUseIT {

    private TwoSides sides;

    @AfterEach
    void drop() {
        sides.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on delete cascade",
                "on delete set null",
                "on delete set default",
                "on update cascade",
                "on update set null"
            })
    void anActionOfTheDatabaseThatOneSideLacksIsAnError(String action) {
        for (Topology topology : Topology.values()) {
            orders(topology, action, "");

            assertThat(sides.check(mapping("user", "users"), mapping("order", "orders")))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.path()).isEqualTo("entities.order.legacy");
                        assertThat(finding.isError()).isTrue();
                        assertThat(finding.problem()).containsIgnoringCase(action);
                        assertThat(finding.problem()).contains("the modern side does not do the same");
                    });
            sides.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"on delete cascade, on delete cascade", "on delete restrict, ''", "'', ''"})
    void whatBothSidesDoAlikeIsFine(String legacy, String modern) {
        for (Topology topology : Topology.values()) {
            orders(topology, legacy, modern);

            assertThat(sides.check(mapping("user", "users"), mapping("order", "orders")))
                    .isEmpty();
            sides.close();
        }
    }

    @Test
    void theOtherDirectionCountsToo() {
        orders(Topology.ONE_DATABASE, "", "on delete cascade");

        assertThat(sides.check(mapping("user", "users"), mapping("order", "orders")))
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("entities.order.modern", Severity.ERROR));
    }

    @Test
    void aCascadeFromATableThatNoEntityMapsIsAWarning() {
        orders(Topology.ONE_DATABASE, "on delete cascade", "");

        assertThat(sides.check(mapping("order", "orders")))
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("entities.order.legacy", Severity.WARNING));
    }

    @Test
    void aTableThatRefersToItselfIsHeldToTheSameRule() {
        sides = TwoSides.create(Topology.ONE_DATABASE)
                .legacy(
                        "create table legacy.users (id int primary key, a int references legacy.users on delete cascade)")
                .modern("create table modern.users (id int primary key, a int)");

        assertThat(sides.check(mapping("user", "users")))
                .extracting(Finding::path, Finding::severity)
                .containsExactly(tuple("entities.user.legacy", Severity.ERROR));
    }

    @Test
    void twoEntitiesOnOneTableAreAnError() {
        orders(Topology.ONE_DATABASE, "", "");

        assertThat(sides.check(mapping("user", "users"), mapping("person", "users")))
                .extracting(Finding::path, Finding::problem)
                .contains(
                        tuple(
                                "entities.person.legacy",
                                "The table legacy.users is already the legacy table of 'user'."),
                        tuple(
                                "entities.person.modern",
                                "The table modern.users is already the modern table of 'user'."));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void oneTableOnBothSidesIsAnErrorInOneDatabaseAlone(Topology topology) {
        sides = TwoSides.create(topology).everywhere("create table public.t (id int primary key, a int)");
        TableMapping mapping = TableMapping.table("user")
                .legacy("public", "t")
                .modern("public", "t")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("a", "integer"), "a")
                .restore(new Column("a", "integer"), "a")
                .build();

        assertThat(sides.check(mapping)).hasSize(topology == Topology.ONE_DATABASE ? 1 : 0);
    }

    @Test
    void crossfadesOwnTablesCannotBeMapped() {
        sides = TwoSides.create(Topology.ONE_DATABASE)
                .legacy("create schema crossfade", "create table crossfade.flag (id int primary key, a int)")
                .modern("create table modern.users (id int primary key, a int)");
        TableMapping mapping = TableMapping.table("user")
                .legacy("crossfade", "flag")
                .modern("modern", "users")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("a", "integer"), "a")
                .restore(new Column("a", "integer"), "a")
                .build();

        assertThat(sides.check(mapping))
                .singleElement()
                .matches(finding -> finding.problem().contains("one of Crossfade's own"));
    }

    @Test
    void aTriggerThatMayChangeMirroredRowsIsAWarning() {
        orders(Topology.TWO_DATABASES, "", "");
        sides.modern(
                "create function modern.touch() returns trigger language plpgsql as 'begin new.a = 1; return new; end'",
                "create trigger touch before update on modern.users for each row execute function modern.touch()",
                "create trigger later after update on modern.users for each row execute function modern.touch()");

        assertThat(sides.check(mapping("user", "users"))).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.path()).isEqualTo("entities.user.modern");
            assertThat(finding.problem()).contains("'touch'");
        });
    }

    private void orders(Topology topology, String legacyAction, String modernAction) {
        sides = TwoSides.create(topology)
                .legacy(
                        "create table legacy.users (id int primary key, a int)",
                        "create table legacy.orders (id int primary key, a int default 1 references legacy.users "
                                + legacyAction + ")")
                .modern(
                        "create table modern.users (id int primary key, a int)",
                        "create table modern.orders (id int primary key, a int default 1 references modern.users "
                                + modernAction + ")");
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

    @Test
    void aMissingPrivilegeIsAnErrorThatSaysWhatToGrant() {
        orders(Topology.ONE_DATABASE, "", "");
        String reader = sides.legacyDatabase().name() + "_reader";
        sides.legacy(
                "create role %s login".formatted(reader),
                "grant usage on schema legacy, modern to %s".formatted(reader),
                "grant select on legacy.users to %s".formatted(reader));
        try {
            DataSource asReader = sides.legacyDatabase()
                    .newDataSource(settings -> settings.setConnectionInitSql("set role " + reader));

            assertThat(new MappingCheck(Databases.shared(asReader)).check(List.of(mapping("user", "users"))))
                    .anySatisfy(finding -> {
                        assertThat(finding.path()).isEqualTo("entities.user.project.a");
                        assertThat(finding.problem()).contains("42501");
                        assertThat(finding.remedy()).startsWith("Grant");
                    });
        } finally {
            sides.legacy("drop owned by " + reader, "drop role " + reader);
        }
    }
}
