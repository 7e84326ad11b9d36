package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every modern column has a role, and what an expression reads is what the server resolves its names to. */
class RoleCheckIT {

    private static final Column KEY = new Column("id", "integer");

    private static final String LEGACY = """
            create table legacy.users (id int primary key, "by" int, c text, a text, "Mixed" text, tags text[],
                address_id int);
            create table legacy.address (id int primary key, street text, c text);
            create view legacy.streets as select id as nr, street from legacy.address;
            create function legacy.street_of(int) returns text language sql stable
                as 'select street from legacy.address where id = $1';
            create function legacy.street_seen(int) returns text language sql stable
                begin atomic select street from legacy.address where id = $1; end;
            """;

    private TwoSides sides;

    private void create(Topology topology) {
        sides = TwoSides.create(topology)
                .legacy(LEGACY)
                .modern("create table modern.accounts (id int primary key, v text, w text, g text"
                        + " generated always as (v || w) stored)");
    }

    @AfterEach
    void drop() {
        sides.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            array_to_string(array(select t from unnest(tags) as t order by t), ',') ; tags          ;
            (select d.street from legacy.address as d where d.id = address_id)      ; address_id    ; legacy.address
            (select c.c from legacy.address as c where c.id = users.id)             ; id            ; legacy.address
            (select max(u.a) from legacy.users as u where u.c = users.c)            ; c             ; legacy.users
            "by"::text                                                              ; by            ;
            "Mixed" || a                                                            ; Mixed,a       ;
            (select street from legacy.streets where nr = address_id)               ; address_id    ; legacy.address
            legacy.street_of(address_id)                                            ; address_id    ; legacy.street_of
            legacy.street_seen(address_id)                                          ; address_id    ; legacy.address
            'a'                                                                     ;               ;
            lower(users.a)                                                          ; a             ;
            (select x.c from (select users.c as c) as x)                            ; c             ;
            """)
    void whatAnExpressionReadsIsWhatTheServerResolves(String expression, String columns, String beside) {
        create(Topology.ONE_DATABASE);
        Derived derived = new Derived(new Column("v", "text"), expression);

        ExpressionReads.Reads reads =
                reads(mapping().project(derived.column(), expression).build(), derived);

        assertThat(String.join(",", reads.columns())).isEqualTo(columns == null ? "" : columns);
        assertThat(reads.tables().keySet())
                .containsAll(named(beside, !reads.opaque().isEmpty()));
        assertThat(reads.opaque()).containsAll(named(beside, reads.opaque().isEmpty()));
        assertThat(reads.readsMore()).isEqualTo(beside != null);
    }

    @Test
    void aRowThatIsReadAsAWholeIsReadInAllColumns() {
        create(Topology.ONE_DATABASE);
        Derived derived = new Derived(new Column("v", "text"), "to_jsonb(users)::text");

        assertThat(reads(
                                mapping()
                                        .project(derived.column(), derived.expression())
                                        .build(),
                                derived)
                        .columns())
                .containsExactly("Mixed", "a", "address_id", "by", "c", "id", "tags");
    }

    @Test
    void whatMayNotMakeTemporaryObjectsIsReadByItsWords() {
        create(Topology.ONE_DATABASE);
        Derived derived = new Derived(new Column("v", "text"), "(select d.street from legacy.nowhere as d) || a");

        ExpressionReads.Reads reads =
                reads(mapping().project(derived.column(), derived.expression()).build(), derived);

        assertThat(reads.columns()).containsExactly("a");
        assertThat(reads.readsMore()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aColumnWithoutARoleIsRefusedByName(Topology topology) {
        create(topology);

        assertThat(errors(mapping().project(new Column("v", "text"), "a").restore(new Column("a", "text"), "v")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.modern");
                    assertThat(finding.problem()).startsWith("w of modern.accounts has no role");
                    assertThat(finding.remedy()).contains("fill, derived or ignore");
                });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void everyRoleIsEnough(Topology topology) {
        create(topology);
        TableMapping.Builder restored =
                mapping().project(new Column("v", "text"), "a").restore(new Column("a", "text"), "v");

        assertThat(errors(restored.ignore("w"))).isEmpty();
        assertThat(errors(mapping()
                        .project(new Column("v", "text"), "a")
                        .restore(new Column("a", "text"), "v")
                        .fill(new Column("w", "text"), "c")))
                .isEmpty();
        assertThat(errors(mapping()
                        .project(new Column("v", "text"), "a")
                        .restore(new Column("a", "text"), "v")
                        .project(new Column("w", "text"), "upper(a)")
                        .derived("w")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aColumnOfAnotherTableIsNotCarriedBack(Topology topology) {
        create(topology);
        String lookup = "(select d.street from legacy.address as d where d.id = address_id)";

        assertThat(errors(mapping()
                        .project(new Column("v", "text"), "address_id::text")
                        .project(new Column("w", "text"), lookup)
                        .restore(new Column("address_id", "integer"), "v::int")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.project.w");
                    assertThat(finding.problem()).contains("The way back loses the modern column 'w'");
                });
        assertThat(sides.check(mapping()
                        .project(new Column("v", "text"), "address_id::text")
                        .project(new Column("w", "text"), lookup)
                        .restore(new Column("address_id", "integer"), "v::int")
                        .derived("w")
                        .build()))
                .noneMatch(Finding::isError)
                .anySatisfy(finding ->
                        assertThat(finding.problem()).contains("legacy.address (id, street)", "is not noticed"));
    }

    @Test
    void rolesThatContradictEachOtherAreErrors() {
        create(Topology.ONE_DATABASE);

        assertThat(errors(mapping()
                        .project(new Column("v", "text"), "a")
                        .project(new Column("w", "text"), "c")
                        .restore(new Column("a", "text"), "v || w")
                        .derived("v")
                        .derived("id")))
                .extracting(Finding::path)
                .contains("entities.user.derived.v", "entities.user.derived.id");
    }

    @Test
    void aRestoreThatLooksUpAModernTableCannotRunWhereRecordsAreSaved() {
        create(Topology.TWO_DATABASES);
        sides.modern("create table modern.names (id int primary key, name text)");
        String lookup = "(select n.name from modern.names as n where n.id = accounts.id)";

        assertThat(errors(mapping()
                        .project(new Column("v", "text"), "a")
                        .restore(new Column("a", "text"), "v || " + lookup)
                        .ignore("w")))
                .anySatisfy(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.restore.a");
                    assertThat(finding.problem()).contains("in which records are saved while legacy decides");
                });
    }

    private ExpressionReads.Reads reads(TableMapping mapping, Derived derived) {
        Catalogs catalogs = Catalogs.read(
                sides.databases(),
                List.of(mapping.legacy().qualifiedName()),
                List.of(mapping.modern().qualifiedName()));
        LiveMapping live =
                new LiveMapping(mapping, catalogs.table(mapping, Side.LEGACY), catalogs.table(mapping, Side.MODERN));
        return MappingReads.ask(sides.databases(), List.of(live)).get(live).of(Side.LEGACY, derived);
    }

    private static List<String> named(String beside, boolean none) {
        return beside == null || none ? List.of() : List.of(beside);
    }

    private List<Finding> errors(TableMapping.Builder mapping) {
        return sides.check(mapping.build()).stream().filter(Finding::isError).toList();
    }

    private static TableMapping.Builder mapping() {
        return TableMapping.table("user")
                .legacy("legacy", "users")
                .modern("modern", "accounts")
                .key(KEY, KEY);
    }
}
