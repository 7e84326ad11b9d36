package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingCheckStructureIT {

    private TwoSides sides;

    @AfterEach
    void drop() {
        sides.close();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatFitsHasNoFindings(Topology topology) {
        sides = TwoSides.create(topology)
                .everywhere("create domain public.label as text")
                .legacy("""
                        create table legacy."Old Orders" ("Tenant" int, no smallint, note public.label, primary key (no, "Tenant"))
                        """)
                .modern("""
                        create table modern.orders (tenant_id int not null, no bigint not null, "Note" public.label,
                            created_at timestamptz not null default now(), counter bigint generated always as identity);
                        create unique index on modern.orders (tenant_id, no)
                        """);
        TableMapping mapping = TableMapping.table("order")
                .legacy("legacy", "Old Orders")
                .modern("modern", "orders")
                .key(new Column("Tenant", "integer"), new Column("tenant_id", "integer"))
                .key(new Column("no", "smallint"), new Column("no", "bigint"))
                .project(new Column("Note", "public.label"), "\"Old Orders\".note")
                .restore(new Column("note", "public.label"), "orders.\"Note\"")
                .ignore("created_at")
                .ignore("counter")
                .build();

        assertThat(sides.check(mapping)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void missingTablesAreNamedWithTheNearOnes(Topology topology) {
        tables(topology, "id int primary key, a text", "id int primary key, a text");
        sides.modern("create schema other", "create table other.u (id int primary key)");

        assertThat(sides.check(TableMapping.table("user")
                        .legacy("legacy", "tt")
                        .modern("modern", "u")
                        .key(new Column("id", "integer"), new Column("id", "integer"))
                        .build()))
                .extracting(Finding::path, Finding::remedy)
                .contains(
                        tuple("entities.user.legacy", "Did you mean 'legacy.t'?"),
                        tuple("entities.user.modern", "Did you mean 'other.u'?"));
    }

    @Test
    void aViewCannotBeMapped() {
        tables(Topology.ONE_DATABASE, "id int primary key, a text", "id int primary key, a text");
        sides.legacy("alter table legacy.t rename to real", "create view legacy.t as select * from legacy.real");

        assertThat(sides.check(mapping().build()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy())
                        .isEqualTo("legacy.t is a view or a foreign table; map the tables behind it."));
    }

    @ParameterizedTest(name = "{0}; {1}")
    @CsvSource(delimiter = ';', textBlock = """
                    id int, a text                                           ; id int primary key, a text                     ; key    ; The key (id) is not unique in legacy.t
                    id int primary key, a text                               ; id int not null, a text                        ; key    ; The key (id) is not unique in modern.t
                    id int primary key, a text                               ; id int not null, a text, unique (id, a)        ; key    ; The key (id) is not unique in modern.t
                    id int, a text, primary key (id) deferrable              ; id int primary key, a text                     ; key    ; is only guarded by the deferrable constraint 't_pkey'
                    id int unique, a text                                    ; id int primary key, a text                     ; key.id ; The key column 'id' of legacy.t may be null
                    id int primary key, a text                               ; id int unique, a text                          ; key.id ; The key column 'id' of modern.t may be null
                    id bigint primary key, a text                            ; id int primary key, a text                     ; key.id ; cannot take every value of it unchanged
                    id text primary key, a text                              ; id varchar(9) primary key, a text              ; key.id ; cannot take every value of it unchanged
                    id int primary key, a text                               ; id text primary key, a text                    ; key.id ; cannot take every value of it unchanged
                    id float8 primary key, a text                            ; id float8 primary key, a text                  ; key.id ; floating-point
                    id interval primary key, a text                          ; id interval primary key, a text                ; key.id ; several spellings
                    id int generated always as identity primary key, a text  ; id int primary key, a text                     ; key.id ; legacy.t is GENERATED ALWAYS AS IDENTITY
                    id int primary key, a text                               ; id int generated always as identity primary key, a text ; key.id ; modern.t is GENERATED ALWAYS AS IDENTITY
                    id int primary key, a text                               ; id int primary key, a text generated always as ('x') stored ; project.a ; generated by the database
                    id int primary key, a text generated always as ('x') stored ; id int primary key, a text                  ; restore.a ; generated by the database
                    id int primary key, a text                               ; id int primary key, a text, b int not null     ; project ; 'b' of modern.t is NOT NULL without a default
                    id int primary key, a text, b int not null               ; id int primary key, a text                     ; restore ; 'b' of legacy.t is NOT NULL without a default
                    id int primary key, b text                               ; id int primary key, a text                     ; restore.a ; legacy.t has no column 'a'
                    no int primary key, a text                               ; id int primary key, a text                     ; key.id ; legacy.t has no column 'id'
                    id int primary key, a text                               ; no int primary key, a text                     ; key.id ; modern.t has no column 'id'
                    """)
    void whatDoesNotFitIsAnError(String legacy, String modern, String part, String problem) {
        for (Topology topology : Topology.values()) {
            tables(topology, legacy, modern);

            assertThat(sides.check(mapping().build())).anySatisfy(finding -> {
                assertThat(finding.path()).isEqualTo("entities.user." + part);
                assertThat(finding.isError()).isTrue();
                assertThat(finding.problem()).contains(problem);
                assertThat(finding.remedy()).isNotBlank();
            });
            sides.close();
        }
    }

    @ParameterizedTest(name = "{0}; {1}")
    @CsvSource(delimiter = ';', textBlock = """
                    text collate public.blind ; text                      ; legacy.t ; different texts are equal
                    text                      ; text collate public.blind ; modern.t ; different texts are equal
                    text collate public.blind ; text collate public.blind ; modern.t ; different texts are equal
                    public.blinded            ; public.blinded            ; legacy.t ; different texts are equal
                    public.weight             ; public.weight             ; legacy.t ; floating-point
                    public.moment[]           ; public.moment[]           ; modern.t ; contains timestamp with time zone
                    public.tag[]              ; public.tag[]              ; legacy.t ; contains public.citext
                    numeric[]                 ; numeric[]                 ; legacy.t ; contains numeric
                    nummultirange             ; nummultirange             ; modern.t ; contains numeric
                    date[]                    ; date[]                    ; legacy.t ; contains date
                    bpchar[]                  ; bpchar[]                  ; legacy.t ; contains bpchar
                    public.stay               ; public.stay               ; legacy.t ; contains date
                    money                     ; money                     ; legacy.t ; the session's settings
                    timetz                    ; timetz                    ; legacy.t ; the session's settings
                    interval[]                ; interval[]                ; legacy.t ; contains interval
                    regclass                  ; regclass                  ; legacy.t ; search_path
                    """)
    void aKeyThatMayHaveSeveralTextsIsAnError(String legacy, String modern, String table, String problem) {
        for (Topology topology : Topology.values()) {
            sides = keysOf(topology, legacy, modern);

            assertThat(sides.check(mapping().build())).anySatisfy(finding -> {
                assertThat(finding.path()).isEqualTo("entities.user.key.id");
                assertThat(finding.isError()).isTrue();
                assertThat(finding.problem()).contains("The key column 'id' of " + table, problem);
                assertThat(finding.remedy()).isNotBlank();
            });
            sides.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public.citext",
                "numeric",
                "character(6)",
                "bpchar",
                "text collate \"C\"",
                "timestamptz",
                "public.price",
                "public.name_of",
                "public.amount",
                "public.tag",
                "public.moment",
                "numrange",
                "tstzrange",
                "public.period",
                "public.mood",
                "integer[]",
                "inet",
                "macaddr",
                "bit(8)"
            })
    void aKeyWhoseTextIsCanonicalIsNone(String type) {
        sides = keysOf(Topology.ONE_DATABASE, type, type);

        assertThat(sides.check(mapping().build())).isEmpty();
    }

    /** An upsert would confuse the rows of two keys. */
    @Test
    void aUniqueIndexThatTakesDifferentKeysForOneIsAnError() {
        sides = keysOf(Topology.ONE_DATABASE, "text", "text");
        sides.modern("create unique index loose on modern.t (id collate public.blind)");

        assertThat(sides.check(mapping().build())).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo("entities.user.key");
            assertThat(finding.problem())
                    .contains("'loose' over the key (id) of modern.t", "different texts are equal");
        });
    }

    private static TwoSides keysOf(Topology topology, String legacy, String modern) {
        return TwoSides.create(topology)
                .everywhere(
                        "create extension citext schema public",
                        "create collation public.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                        "create domain public.blinded as text collate public.blind",
                        "create domain public.amount as numeric",
                        "create domain public.tag as public.citext",
                        "create domain public.moment as timestamptz",
                        "create domain public.weight as real",
                        "create domain public.price as numeric(8,2)",
                        "create domain public.name_of as varchar(10)",
                        "create type public.mood as enum ('calm')",
                        "create type public.stay as (room integer, day date)",
                        "create domain public.period as daterange")
                .legacy("create table legacy.t (id " + legacy + " primary key, a text)")
                .modern("create table modern.t (id " + modern + " primary key, a text)");
    }

    @Test
    void partialAndExpressionIndexesAreNoKeys() {
        tables(Topology.ONE_DATABASE, "id int not null, a text", "id int primary key, a text");
        sides.legacy(
                "create unique index on legacy.t (id) where a is null", "create unique index on legacy.t (abs(id))");

        assertThat(sides.check(mapping().build()))
                .anyMatch(finding -> finding.problem().contains("not unique in legacy.t"));
    }

    @Test
    void domainsCarryTheirNotNullAndDefault() {
        sides = TwoSides.create(Topology.ONE_DATABASE)
                .everywhere(
                        "create domain public.strict as text not null",
                        "create domain public.filled as text not null default ''")
                .legacy("create table legacy.t (id int primary key, a text)")
                .modern("create table modern.t (id int primary key, a text, s public.strict, f public.filled)");

        assertThat(sides.check(mapping().ignore("s").ignore("f").build()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).contains("'s' of modern.t is NOT NULL"));
    }

    @Test
    void aMappingThatKnowsOtherTypesIsOutOfDate() {
        tables(Topology.ONE_DATABASE, "id int primary key, a text", "id int primary key, a varchar(20)");
        TableMapping mapping = TableMapping.table("user")
                .legacy("legacy", "t")
                .modern("modern", "t")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("a", "text"), "a")
                .restore(new Column("a", "text"), "a")
                .build();

        assertThat(sides.check(mapping)).singleElement().satisfies(finding -> {
            assertThat(finding.problem()).contains("as text, but it is character varying(20)");
            assertThat(finding.remedy()).contains("Generate the repositories again");
        });
    }

    @Test
    void aColumnGetsItsValueOnce() {
        tables(Topology.ONE_DATABASE, "id int primary key, a text", "id int primary key, a text");
        List<Finding> findings = sides.check(mapping()
                .project(new Column("a", "text"), "upper(a)")
                .project(new Column("id", "integer"), "id")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .build());

        assertThat(findings)
                .extracting(Finding::path)
                .contains("entities.user.project.a", "entities.user.project.id", "entities.user.key.id");
    }

    @Test
    void aKeyWithoutColumnsIsAnError() {
        tables(Topology.ONE_DATABASE, "id int primary key, a text", "id int primary key, a text");
        TableMapping mapping = TableMapping.table("user")
                .legacy("legacy", "t")
                .modern("modern", "t")
                .project(new Column("a", "text"), "a")
                .restore(new Column("a", "text"), "a")
                .build();

        assertThat(sides.check(mapping)).anyMatch(finding -> finding.problem().contains("The key has no columns"));
    }

    @Test
    void whatTheWayBackLosesIsAnErrorOrDeclared() {
        tables(
                Topology.ONE_DATABASE,
                "id int primary key, a text, first text, last text, seen text",
                "id int primary key, a text, name text, seen text, tier text, search text, other text default ''");
        List<Finding> findings = sides.check(mapping()
                .project(new Column("name", "text"), "concat(first, ' ', last)")
                .project(new Column("seen", "text"), "coalesce(seen, last)")
                .project(new Column("tier", "text"), "'free'")
                .project(new Column("search", "text"), "lower(a)")
                .restore(new Column("first", "text"), "split_part(name, ' ', 1)")
                .build());

        assertThat(findings)
                .extracting(Finding::path, Finding::isError)
                .containsExactlyInAnyOrder(
                        tuple("entities.user.project.seen", true),
                        tuple("entities.user.project.tier", true),
                        tuple("entities.user.project.search", true),
                        tuple("entities.user.modern", true),
                        tuple("entities.user.restore", false));
    }

    @Test
    void restoreReadsTheModernShapeAlone() {
        tables(
                Topology.ONE_DATABASE,
                "id int primary key, a text",
                "id int primary key, a text, audit text default ''");
        TableMapping mapping = TableMapping.table("user")
                .legacy("legacy", "t")
                .modern("modern", "t")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("a", "text"), "a")
                .restore(new Column("a", "text"), "a || audit")
                .ignore("audit")
                .build();

        assertThat(sides.check(mapping)).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo("entities.user.restore.a");
            assertThat(finding.problem()).contains("reads audit, which is not part of the modern shape");
        });
    }

    @Test
    void anEnumOfTheModernDatabaseIsUnknownWhereItsValuesAreConverted() {
        sides = TwoSides.create(Topology.TWO_DATABASES)
                .legacy("create table legacy.t (id int primary key, a text)")
                .modern(
                        "create type modern.state as enum ('on')",
                        "create table modern.t (id int primary key, a modern.state)");

        assertThat(sides.check(TableMapping.table("user")
                        .legacy("legacy", "t")
                        .modern("modern", "t")
                        .key(new Column("id", "integer"), new Column("id", "integer"))
                        .project(new Column("a", "modern.state"), "'on'")
                        .restore(new Column("a", "text"), "a::text")
                        .build()))
                .anySatisfy(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.project.a");
                    assertThat(finding.problem())
                            .contains("The legacy database", "does not know the type modern.state");
                    assertThat(finding.remedy()).contains("Create the type in both databases");
                });
    }

    private void tables(Topology topology, String legacy, String modern) {
        sides = TwoSides.create(topology)
                .legacy("create table legacy.t (" + legacy + ")")
                .modern("create table modern.t (" + modern + ")");
    }

    private TableMapping.Builder mapping() {
        return TableMapping.table("user")
                .legacy("legacy", "t")
                .modern("modern", "t")
                .key(sides.legacyColumn("t", "id"), sides.modernColumn("t", "id"))
                .project(sides.modernColumn("t", "a"), "a")
                .restore(sides.legacyColumn("t", "a"), "a");
    }
}
