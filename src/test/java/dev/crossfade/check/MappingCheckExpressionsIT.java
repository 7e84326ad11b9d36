package dev.crossfade.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.mapping.TableMapping;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(Lifecycle.PER_CLASS)
class MappingCheckExpressionsIT {

    private static final String LEGACY = """
            create type legacy.mood as enum ('ok', 'bad');
            create function legacy.cleaned(text) returns text language sql as 'select lower($1)';
            create table legacy.users (id int primary key, email text, age int, tags text[], data jsonb, mood legacy.mood,
                seen timestamptz, born date, "user" text, "Mixed Name" text, wait interval);
            """;
    private static final String MODERN = """
            create type modern.state as enum ('active', 'gone');
            create table modern.accounts (id int primary key, t text, i int, d date, ts timestamp, s modern.state,
                v varchar(5), j jsonb, "Mixed" text, extra text);
            """;

    private final Map<Topology, TwoSides> topologies = new EnumMap<>(Topology.class);

    @BeforeAll
    void create() {
        for (Topology topology : Topology.values()) {
            topologies.put(topology, TwoSides.create(topology).legacy(LEGACY).modern(MODERN));
        }
    }

    @AfterAll
    void drop() {
        topologies.values().forEach(TwoSides::close);
    }

    static Stream<Arguments> accepted() {
        return inBoth(
                Arguments.of("t", "email"),
                Arguments.of("t", "users.email"),
                Arguments.of("t", "'active'"),
                Arguments.of("t", "null"),
                Arguments.of("t", "concat_ws(' ', email, age)"),
                Arguments.of("t", "data #>> '{a,b}'"),
                Arguments.of("t", "case when email is null then 'a;b' else \"user\" end"),
                Arguments.of("t", "users.\"Mixed Name\""),
                Arguments.of("t", "tags[1]"),
                Arguments.of("t", "$$a -- b$$"),
                Arguments.of("t", "'really?'"),
                Arguments.of("Mixed", "email"),
                Arguments.of("i", "age + 1"),
                Arguments.of("i", "length(email)"),
                Arguments.of("i", "7"),
                Arguments.of("v", "email"),
                Arguments.of("d", "born"),
                Arguments.of("ts", "seen at time zone 'UTC'"),
                Arguments.of("j", "data"),
                Arguments.of("i", "extract(year from age(seen, '2000-01-01 00:00:00Z'::timestamptz))::int"),
                Arguments.of("t", "jsonb_exists(data, 'a')::text"),
                Arguments.of("t", "mood::text"),
                Arguments.of("t", "mood"));
    }

    @ParameterizedTest(name = "{0}: {1} from {2}")
    @MethodSource("accepted")
    void goodExpressionsHaveNoFindings(Topology topology, String column, String expression) {
        assertThat(findings(topology, column, expression)).isEmpty();
    }

    static Stream<Arguments> refused() {
        return inBoth(
                Arguments.of("t", "emial", "names a column that legacy.users does not have", "'email'"),
                Arguments.of("t", "gone", "names a column", "give it SQL's quotes inside YAML's: \"'gone'\""),
                Arguments.of("t", "accounts.t", "missing FROM-clause entry", "one row of legacy.users"),
                Arguments.of("t", "lower(email", "is opened and not closed", "Balance"),
                Arguments.of("t", "lower(email))", "is closed that was not opened", "Balance"),
                Arguments.of("t", "email) || (email", "is closed that was not opened", "Balance"),
                Arguments.of("t", "email; drop table legacy.users", "';'", "without it"),
                Arguments.of("t", "email -- the address", "SQL comment", "YAML comment"),
                Arguments.of("t", "email, age", "more than one expression", "each column"),
                Arguments.of("t", "'open", "not whole", "missing '"),
                Arguments.of("t", " ", "is empty", "NULL"),
                Arguments.of("t", "$1", "parameter", "columns of the row"),
                Arguments.of("t", "(data ? 'a')::text", "'?'", "jsonb_exists(document, key)"),
                Arguments.of("t", "(data ?| tags)::text", "'?|'", "jsonb_exists_any"),
                Arguments.of("t", "email email", "syntax error", "SQL over one row"),
                Arguments.of("t", "nosuch(email)", "function nosuch(text) does not exist", "SQL over one row"),
                Arguments.of("t", "max(email)", "aggregate", "without aggregates"),
                Arguments.of("i", "count(*)", "aggregate", "without aggregates"),
                Arguments.of("i", "row_number() over ()", "window", "without aggregates"),
                Arguments.of("t", "unnest(tags)", "set-returning", "without aggregates"),
                Arguments.of("i", "email", "cannot take the value", "cast(… as integer)"),
                Arguments.of("s", "email", "modern.state", ""),
                Arguments.of("d", "'never'", "cannot take the value", "cast(… as date)"),
                Arguments.of("t", "now()::text", "'now' is not a function of the row", "column of the row"),
                Arguments.of("t", "current_user", "'current_user' is not a function of the row", ""),
                Arguments.of("t", "user", "'user' is not a function of the row", ""),
                Arguments.of("d", "current_date", "'current_date'", ""),
                Arguments.of("d", "date 'today'", "''today''", ""),
                Arguments.of("d", "'now'::timestamp::date", "''now''", ""),
                Arguments.of("t", "age(seen)::text", "'age' is not a function of the row", ""),
                Arguments.of("t", "gen_random_uuid()::text", "'gen_random_uuid'", ""),
                Arguments.of("i", "nextval('legacy.ids')", "'nextval'", ""),
                Arguments.of(
                        "i", "pg_advisory_unlock(1)::int", "'pg_advisory_unlock' is not a function of the row", ""),
                Arguments.of("nosuch", "email", "has no column 'nosuch'", "Its columns are: id, t"),
                Arguments.of("exrta", "email", "has no column 'exrta'", "'extra'"));
    }

    @ParameterizedTest(name = "{0}: {1} from {2}")
    @MethodSource("refused")
    void badExpressionsAreErrorsWithARemedy(
            Topology topology, String column, String expression, String problem, String remedy) {
        assertThat(findings(topology, column, expression)).anySatisfy(finding -> {
            assertThat(finding.path()).isEqualTo("entities.user.project." + column);
            assertThat(finding.isError()).isTrue();
            assertThat(finding.problem()).contains(problem);
            assertThat(finding.remedy()).contains(remedy);
            assertThat(finding.toString()).doesNotContain("Exception", "\n");
        });
    }

    private List<Finding> findings(Topology topology, String column, String expression) {
        TwoSides sides = topologies.get(topology);
        TableMapping mapping = TableMapping.table("user")
                .legacy("legacy", "users")
                .modern("modern", "accounts")
                .key(sides.legacyColumn("users", "id"), sides.modernColumn("accounts", "id"))
                .project(sides.modernColumn("accounts", column), expression)
                .build();
        return sides.check(mapping).stream()
                .filter(finding -> !finding.problem().contains("way back"))
                .toList();
    }

    private static Stream<Arguments> inBoth(Arguments... cases) {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(cases)
                        .map(one -> Arguments.of(Stream.concat(Stream.of(topology), Stream.of(one.get()))
                                .toArray())));
    }
}
