package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.check.Finding.Severity;
import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MappingCheckRowsIT {

    private static final String LEGACY = """
            create table legacy.users (id int primary key, email text, full_name text, age text, nick text,
                seen timestamptz, at timestamp, born date, wait interval, raw bytea, weight float8);
            insert into legacy.users
            select i, 'Secret' || i || '@example.org', 'First' || i || ' Last', i::text, null,
                timestamptz '2024-03-31 11:30:00Z' + i * interval '7 hours', timestamp '2024-03-31 23:30:00',
                date '2024-05-04', interval '1 day 2 hours', '\\x00ff', i / 3.0::float8
            from generate_series(1, 50) as i;
            """;
    private static final String MODERN = """
            create table modern.accounts (id int primary key, t text, i int, d date, ts timestamp, tz timestamptz,
                v varchar(5), required text not null default '', first_name text, last_name text,
                acl aclitem);
            """;

    private TwoSides sides;

    private void create(Topology topology) {
        sides = TwoSides.create(topology).legacy(LEGACY).modern(MODERN);
    }

    @AfterEach
    void drop() {
        sides.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    t  | seen::text
                    d  | seen::date
                    d  | date_trunc('day', seen)
                    ts | seen::timestamp
                    tz | at::timestamptz
                    tz | at
                    t  | born::text
                    t  | wait::text
                    t  | raw::text
                    t  | weight::text
                    d  | concat('4/5/', id + 2000)::date
                    t  | to_tsvector(full_name)::text
                    t  | full_name::xml::text
                    t  | to_char(born, 'TMMonth YYYY')
                    t  | to_char(id, 'FM9G999D00')
                    i  | to_number(age, '9G999')
                    t  | id::money::text
                    t  | concat('{NULL,', id, '}')::text[]::text
                    t  | quote_ident(concat('a', id))
                    """)
    void valuesThatDependOnSessionSettingsAreErrors(String column, String expression) {
        create(Topology.ONE_DATABASE);

        assertThat(checkProject(column, expression)).anySatisfy(finding -> {
            assertThat(finding.path()).isEqualTo("entities.user.project." + column);
            assertThat(finding.isError()).isTrue();
            assertThat(finding.problem()).contains("depends on the session's settings");
            assertThat(finding.remedy()).contains("AT TIME ZONE");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    t  | to_char(seen at time zone 'UTC', 'YYYY-MM-DD')
                    d  | (seen at time zone 'UTC')::date
                    tz | seen
                    tz | at at time zone 'Europe/Berlin'
                    ts | at
                    d  | born
                    t  | encode(raw, 'hex')
                    t  | concat_ws(' ', full_name, nick)
                    t  | to_tsvector('pg_catalog.english', full_name)::text
                    d  | to_date(age, 'DD')
                    t  | to_char(born, 'DD.MM.YYYY')
                    t  | to_char(id, 'FM999,990.00')
                    t  | regexp_replace(email, '\\D', '', 'g')
                    i  | age::int
                    """)
    void valuesThatAreTheSameInEverySessionAreNot(String column, String expression) {
        create(Topology.TWO_DATABASES);

        assertThat(checkProject(column, expression))
                .noneMatch(finding -> finding.problem().contains("session"));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aTypeWithoutABinaryFormIsNoReasonToComplain(Topology topology) {
        create(topology);

        assertThat(checkProject("acl", "makeaclitem(10, 10, 'SELECT', id > 5)")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void overAnEmptyTableExpressionsAreTriedWithValuesMadeUpForIt(Topology topology) {
        create(topology);
        sides.legacy("truncate legacy.users");

        assertThat(List.of("seen::text", "to_tsvector(full_name)::text", "age::date::text"))
                .allSatisfy(expression -> assertThat(checkProject("t", expression))
                        .anyMatch(finding ->
                                finding.isError() && finding.problem().contains("depends on the session's settings")));
        assertThat(checkProject("t", "upper(full_name)")).isEmpty();
        assertThat(checkProject("i", "age::int")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatOnlyOtherRowsWouldShowIsWarnedOf(Topology topology) {
        create(topology);
        sides.legacy("update legacy.users set age = '2003-02-01'");

        assertThat(checkProject("d", "age::date")).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isFalse();
            assertThat(finding.problem()).contains("would depend on the session's settings");
        });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatAnExpressionCannotTakeIsWarnedOfAndHidesNothingOfTheOthers(Topology topology) {
        create(topology);
        sides.legacy("update legacy.users set age = 'Secret' where id in (7, 41)");

        assertThat(checkProject("i", "age::int")).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.problem())
                    .contains("fails for 2 of the first 1000 rows", "22P02")
                    .doesNotContain("Secret");
        });
        assertThat(checkProject("t", "seen::text || age::int"))
                .anyMatch(finding -> finding.isError() && finding.problem().contains("depends on"));
        assertThat(checkProject("v", "repeat('x', age::int)"))
                .anyMatch(finding -> finding.problem().contains("too long for the column 'v'"));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRowThatOnlySomeSessionsTakeIsNoBadRow(Topology topology) {
        create(topology);
        sides.legacy("update legacy.users set age = '2003-02-01'");
        sides.legacy("update legacy.users set age = '31/12/2003' where id = 7");

        assertThat(checkProject("d", "age::date"))
                .anyMatch(finding -> finding.isError() && finding.problem().contains("depends on"));
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void whatIsFoundByTheSearchPathIsAnError(Topology topology) {
        create(topology);
        sides.legacy("create function public.cleaned(text) returns text immutable language sql as 'select lower($1)'");
        sides.legacy("create domain public.initials as text");

        assertThat(checkProject("t", "cleaned(nick)")).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isTrue();
            assertThat(finding.problem()).contains("search_path", "cleaned");
            assertThat(finding.remedy()).contains("public.cleaned");
        });
        assertThat(checkProject("t", "nick::initials"))
                .anyMatch(finding -> finding.isError() && finding.problem().contains("search_path"));
        assertThat(checkProject("t", "public.cleaned(nick)::public.initials")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anExpressionThatFailsOnEveryRowIsAnErrorThatDoesNotQuoteTheRow(Topology topology) {
        create(topology);

        assertThat(checkProject("i", "email::int")).anySatisfy(finding -> {
            assertThat(finding.isError()).isTrue();
            assertThat(finding.problem())
                    .contains("fails for every one of the first 1000 rows", "invalid input syntax", "22P02")
                    .doesNotContain("Secret");
        });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void rowsThatCannotBeStoredAreWarnedOfWithTheirNumber(Topology topology) {
        create(topology);
        sides.legacy("update legacy.users set nick = 'x' where id <= 20");

        assertThat(checkProject("required", "nick")).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.problem()).contains("null for 30 of the first 50 rows", "NOT NULL");
        });
        assertThat(checkProject("v", "repeat('x', id)")).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.problem())
                    .contains("too long for the column 'v' (character varying(5)) for 45 of the first 50 rows");
        });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aWayBackThatKeepsEverythingHasNoFindings(Topology topology) {
        create(topology);

        assertThat(sides.check(names("split_part(full_name, ' ', 2)", "concat_ws(' ', first_name, last_name)")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aWayBackThatChangesValuesIsWarnedOfByColumnAndNumber(Topology topology) {
        create(topology);
        sides.legacy("update legacy.users set full_name = 'Cher' where id <= 3");

        assertThat(sides.check(names(
                        "split_part(full_name, ' ', 2)",
                        "first_name || ' ' || last_name || case when last_name = '' then 'x' else '' end")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.project.last_name");
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.problem())
                            .contains("3 of the first 50 legacy rows")
                            .doesNotContain("Cher");
                });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aWayBackThatFailsIsAnErrorAtTheExpressionThatFails(Topology topology) {
        create(topology);

        assertThat(sides.check(names("split_part(full_name, ' ', 2)", "(first_name::int)::text || last_name")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.restore.full_name");
                    assertThat(finding.isError()).isTrue();
                    assertThat(finding.problem())
                            .contains("Restore fails", "22P02")
                            .doesNotContain("First");
                });
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aWayBackThatFailsForARowIsWarnedOf(Topology topology) {
        create(topology);
        sides.legacy(
                "update legacy.users set full_name = 'First7 Last'",
                "update legacy.users set full_name = '7 x' where id = 9");

        assertThat(sides.check(names(
                        "split_part(full_name, ' ', 1)",
                        "substr(last_name || left(first_name, 0), 1, 6 - case last_name when '7' then 9 else 0 end)")))
                .anySatisfy(finding -> {
                    assertThat(finding.path()).isEqualTo("entities.user.restore.full_name");
                    assertThat(finding.isError()).isFalse();
                    assertThat(finding.problem()).contains("Restore fails on values that project gives for 1 of");
                });
    }

    static Stream<Topology> topologies() {
        return Stream.of(Topology.values());
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void theCheckChangesNothing(Topology topology) {
        create(topology);
        sides.legacy(
                "create sequence legacy.numbers",
                "create function legacy.counted(int) returns int volatile language sql as 'select nextval(''legacy.numbers'')::int'");
        List<Finding> findings = checkProject("i", "legacy.counted(id)");

        assertThat(findings).anyMatch(finding -> finding.problem().contains("VOLATILE"));
        assertThat(sides.legacyDatabase().dsl().fetchValue("select is_called from legacy.numbers"))
                .isEqualTo(false);
        assertThat(sides.legacyDatabase().dsl().fetchValue("select count(*) from legacy.users"))
                .isEqualTo(50L);
    }

    private List<Finding> checkProject(String column, String expression) {
        TableMapping mapping = TableMapping.table("user")
                .legacy("legacy", "users")
                .modern("modern", "accounts")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(sides.modernColumn("accounts", column), expression)
                .build();
        return sides.check(mapping).stream()
                .filter(finding -> !finding.problem().contains("way back loses")
                        && !finding.problem().contains("no role"))
                .toList();
    }

    private static TableMapping names(String lastName, String fullName) {
        TableMapping.Builder builder = TableMapping.table("user");
        List.of("t", "i", "d", "ts", "tz", "v", "required", "acl").forEach(builder::ignore);
        return builder.legacy("legacy", "users")
                .modern("modern", "accounts")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
                .project(new Column("last_name", "text"), lastName)
                .restore(new Column("full_name", "text"), fullName)
                .build();
    }
}
