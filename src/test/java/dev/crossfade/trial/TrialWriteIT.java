package dev.crossfade.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.check.Finding;
import dev.crossfade.check.TwoSides;
import dev.crossfade.check.TwoSides.Topology;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Writing rows shows what the databases do to them, and nothing of it stays. */
class TrialWriteIT {

    /** More time than a busy machine needs for all rows. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String COLUMNS = """
            id serial primary key, code text not null unique, title text, price numeric(10,2), kind text not null default 'a',
            tags text[], born date, seen timestamptz, done boolean not null default false, amount numeric, ratio float8
            """;
    private static final List<String> MAPPED =
            List.of("code", "title", "price", "kind", "tags", "born", "seen", "done", "amount", "ratio");
    private static final String ROWS =
            "insert into legacy.item (code, title, price, tags) select 'c' || i, 'Title ' || i, i, array['x', 'y'] from generate_series(1, 20) as i";

    private static TwoSides items(Topology topology, String legacy, String modern) {
        TwoSides sides = TwoSides.create(topology);
        ControlSchema.install(sides.databases());
        return sides.legacy("create table legacy.item (" + legacy + ")")
                .modern("create table modern.item (" + modern + ")");
    }

    private static TableMapping mapping(TwoSides sides, String... columns) {
        TableMapping.Builder builder = TableMapping.table("item")
                .legacy("legacy", "item")
                .modern("modern", "item")
                .key(sides.legacyColumn("item", "id"), sides.modernColumn("item", "id"));
        for (String column : columns) {
            builder.project(sides.modernColumn("item", column), column)
                    .restore(sides.legacyColumn("item", column), column);
        }
        return builder.build();
    }

    private static TableMapping mapping(TwoSides sides) {
        return mapping(sides, MAPPED.toArray(String[]::new));
    }

    private static List<Finding> tried(TwoSides sides, TableMapping mapping, Side authority) {
        return new TrialWrite(sides.databases(), List.of(mapping), PATIENCE)
                .run(mapping, authority)
                .findings();
    }

    static Stream<Arguments> topologiesAndSides() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Side.values()).map(side -> arguments(topology, side)));
    }

    @ParameterizedTest
    @MethodSource("topologiesAndSides")
    void tablesThatKeepWhatTheyAreGivenAreLeftInPeaceAndAsTheyWere(Topology topology, Side authority) {
        for (boolean filled : List.of(true, false)) {
            try (TwoSides sides = items(topology, COLUMNS, COLUMNS)) {
                if (filled) {
                    sides.legacy(ROWS);
                    sides.modern(
                            "insert into modern.item (id, code, title) values (3, 'c3', 'Title 3'), (90, 'c90', 'Title 90')");
                }
                List<String> before = contents(sides);

                TrialWrite.Outcome outcome =
                        new TrialWrite(sides.databases(), List.of(), PATIENCE).run(mapping(sides), authority);

                assertThat(outcome.findings()).isEmpty();
                assertThat(outcome.rows()).isGreaterThan(5);
                assertThat(contents(sides)).isEqualTo(before);
                assertThat(heldLocks(sides)).isZero();
            }
        }
    }

    /** The server cuts these off, and values are compared as stored. */
    @ParameterizedTest
    @EnumSource
    void blanksBeyondTheLengthOfTextsAndElementsAreNoLoss(Topology topology) {
        try (TwoSides sides = items(
                topology,
                "id serial primary key, title text, tags text[]",
                "id serial primary key, title varchar(3), tags varchar(3)[]")) {
            sides.legacy("insert into legacy.item (title, tags) values ('a     ', array['x     ', 'y, z', null])");

            assertThat(tried(sides, mapping(sides, "title", "tags"), Side.LEGACY))
                    .noneMatch(Finding::isError);
        }
    }

    private static List<String> contents(TwoSides sides) {
        List<String> contents = new ArrayList<>();
        Databases databases = sides.databases();
        contents.add(""
                + databases
                        .dsl(Side.LEGACY)
                        .fetchValue("select string_agg(cast(i as text), ' ' order by id) from legacy.item as i"));
        contents.add(""
                + databases
                        .dsl(Side.MODERN)
                        .fetchValue("select string_agg(cast(i as text), ' ' order by id) from modern.item as i"));
        contents.add("" + databases.dsl(Side.LEGACY).fetchValue("select last_value from legacy.item_id_seq"));
        contents.add("" + databases.dsl(Side.MODERN).fetchValue("select last_value from modern.item_id_seq"));
        contents.add("" + databases.controlDsl().fetchValue("select count(*) from crossfade.intent"));
        return contents;
    }

    private static long heldLocks(TwoSides sides) {
        long held = 0;
        for (Side side : Side.values()) {
            held += (Long) sides.databases().dsl(side).fetchValue("""
                    select count(*) from pg_locks l join pg_class c on c.oid = l.relation
                    where l.database = (select oid from pg_database where datname = current_database()) and c.relname = 'item'
                    """);
        }
        return held;
    }

    static Stream<Arguments> planted() {
        String cut = "create function modern.change() returns trigger language plpgsql as 'begin %s end'";
        return Stream.of(
                        plant(
                                "a trigger before that cuts",
                                true,
                                "project.title",
                                COLUMNS,
                                cut.formatted("new.title := left(new.title, 3); return new;"),
                                "create trigger change before insert or update on modern.item for each row execute function modern.change()"),
                        plant(
                                "a trigger of updates that look at what has changed",
                                true,
                                "project.seen",
                                COLUMNS,
                                cut.formatted("new.seen := clock_timestamp(); return new;"),
                                "create trigger change before update on modern.item for each row when (old.* is distinct from new.*) execute function modern.change()"),
                        plant(
                                "a trigger after that updates its row",
                                true,
                                "project.price",
                                COLUMNS,
                                cut.formatted(
                                        "update modern.item set price = price + 1 where id = new.id; return null;"),
                                "create trigger change after insert on modern.item for each row execute function modern.change()"),
                        plant(
                                "a trigger that drops the row",
                                true,
                                "modern",
                                COLUMNS,
                                cut.formatted("return null;"),
                                "create trigger change before insert on modern.item for each row execute function modern.change()"),
                        plant(
                                "a trigger that raises",
                                false,
                                "modern",
                                COLUMNS,
                                cut.formatted("if new.title = '''' then raise ''empty''; end if; return new;"),
                                "create trigger change before insert on modern.item for each row execute function modern.change()"),
                        plant(
                                "a rule",
                                true,
                                "modern",
                                COLUMNS,
                                "create rule change as on insert to modern.item do instead nothing"),
                        plant(
                                "row-level security",
                                false,
                                "modern",
                                COLUMNS,
                                "alter table modern.item enable row level security"),
                        plant(
                                "a check",
                                false,
                                "modern",
                                COLUMNS.replace("price numeric(10,2)", "price numeric(10,2) check (price >= 0)")),
                        plant("a shorter text", false, "modern", COLUMNS.replace("title text", "title varchar(9)")),
                        plant(
                                "a value that is asked for",
                                false,
                                "modern",
                                COLUMNS.replace("born date", "born date not null")),
                        plant(
                                "a reference to a table that nobody maps",
                                false,
                                "modern",
                                COLUMNS.replace(
                                        "kind text not null default 'a'",
                                        "kind text not null references modern.kinds")),
                        plant(
                                "a default that fails",
                                false,
                                "modern",
                                COLUMNS + ", broken int not null default 1 / (random() * 0)::int"))
                .flatMap(plant -> Stream.of(Topology.values())
                        .map(topology -> arguments(
                                topology,
                                plant.get()[0],
                                plant.get()[1],
                                plant.get()[2],
                                plant.get()[3],
                                plant.get()[4])));
    }

    private static Arguments plant(String name, boolean error, String path, String modern, String... sql) {
        return arguments(name, error, "entities.item." + path, modern, Arrays.asList(sql));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("planted")
    void whatChangesOrRefusesRowsIsFound(
            Topology topology, String name, boolean error, String path, String modern, List<String> sql) {
        try (TwoSides sides = TwoSides.create(topology)) {
            ControlSchema.install(sides.databases());
            sides.legacy("create table legacy.item (" + COLUMNS + ")", ROWS);
            sides.modern(
                    "create table modern.kinds (kind text primary key)", "create table modern.item (" + modern + ")");
            sides.modern(sql.toArray(String[]::new));

            assertThat(tried(sides, mapping(sides), Side.LEGACY)).anySatisfy(finding -> {
                assertThat(finding.path()).isEqualTo(path);
                assertThat(finding.isError()).isEqualTo(error);
                assertThat(finding.toString()).doesNotContain("Title 1");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerRefusesToBeGivenTakesNoRow(Topology topology) {
        for (String column :
                List.of("kind text generated always as ('a') stored", "kind int generated always as identity")) {
            String modern = COLUMNS.replace("kind text not null default 'a'", column);
            try (TwoSides sides = items(topology, COLUMNS, modern)) {
                sides.legacy(ROWS, "update legacy.item set kind = '7'");

                assertThat(tried(sides, mapping(sides), Side.LEGACY))
                        .anyMatch(finding ->
                                finding.isError() && finding.problem().contains("takes no row"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("topologiesAndSides")
    void theRemedyThatIsPrintedWorksAsItIs(Topology topology, Side authority) {
        try (TwoSides sides = TwoSides.create(topology)) {
            ControlSchema.install(sides.databases());
            sides.everywhere("""
                    create schema if not exists "S'x.";
                    create function "S'x."."Touch"() returns trigger language plpgsql as
                        'begin new."At" := coalesce(new."At", ''1999-01-01'') + interval ''1 day''; return new; end'
                    """);
            for (String schema : List.of("legacy", "modern")) {
                String[] table = {
                    "create table %s.\"I.t%%*e'm\" (id int primary key, \"At\" timestamptz, b text)".formatted(schema),
                    "create trigger \"When\" before insert or update on %s.\"I.t%%*e'm\" for each row when (new.b is distinct from 'EXECUTE FUNCTION') execute function \"S'x.\".\"Touch\"()"
                            .formatted(schema)
                };
                if (schema.equals("legacy")) {
                    sides.legacy(table);
                } else {
                    sides.modern(table);
                }
            }
            TableMapping mapping = TableMapping.table("item")
                    .legacy("legacy", "I.t%*e'm")
                    .modern("modern", "I.t%*e'm")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .project(new Column("At", "timestamp with time zone"), "\"At\"")
                    .project(new Column("b", "text"), "b")
                    .restore(new Column("At", "timestamp with time zone"), "\"At\"")
                    .restore(new Column("b", "text"), "b")
                    .build();
            List<Finding> found = tried(sides, mapping, authority);
            assertThat(found).isNotEmpty().allMatch(Finding::isError);
            String remedy = found.getFirst().remedy();

            sides.databases()
                    .dsl(authority.opposite())
                    .execute(remedy.substring(remedy.indexOf("CREATE OR REPLACE"))
                            .replace("?", "??"));

            assertThat(tried(sides, mapping, authority)).isEmpty();
            assertThat(tried(sides, mapping, authority.opposite())).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inPlaceTheRowsOtherColumnsAreLookedAt(Topology topology) {
        try (TwoSides sides = TwoSides.create(topology)) {
            ControlSchema.install(sides.databases());
            sides.legacy(
                    "create table legacy.member (id int primary key, first text, last text, full_name text, updated_at timestamptz default now(), version int not null default 1)",
                    "insert into legacy.member (id, first, last) select i, 'F' || i, 'L' || i from generate_series(1, 5) as i",
                    "create function legacy.touch() returns trigger language plpgsql as 'begin new.version := old.version + 1; return new; end'",
                    "create trigger touch before update on legacy.member for each row execute function legacy.touch()");
            Column id = new Column("id", "integer");
            TableMapping mapping = TableMapping.columns("member")
                    .legacy("legacy", "member")
                    .key(id, id)
                    .project(new Column("full_name", "text"), "concat_ws(' ', first, last)")
                    .restore(new Column("first", "text"), "split_part(full_name, ' ', 1)")
                    .restore(new Column("last", "text"), "split_part(full_name, ' ', 2)")
                    .build();

            assertThat(tried(sides, mapping, Side.LEGACY)).singleElement().satisfies(finding -> {
                assertThat(finding.isError()).isFalse();
                assertThat(finding.problem()).contains("version").contains("touch");
                sides.legacyDatabase()
                        .execute(finding.remedy().substring(finding.remedy().indexOf("CREATE OR REPLACE")));
            });
            assertThat(tried(sides, mapping, Side.LEGACY)).isEmpty();
            assertThat(tried(sides, mapping, Side.MODERN))
                    .as("a name that is null, or has more than two words, does not come back")
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.isError()).isFalse();
                        assertThat(finding.path()).isEqualTo("entities.member.project.full_name");
                        assertThat(finding.problem())
                                .contains("The way back does not carry every value of 'full_name'");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatSomebodyHasLockedIsNotWaitedFor(Topology topology) {
        try (TwoSides sides = items(topology, COLUMNS, COLUMNS)) {
            sides.legacy(ROWS);
            sides.modern("insert into modern.item (id, code) select i, 'c' || i from generate_series(1, 20) as i");
            TestDatabase modern = sides.modernDatabase();
            try (TestDatabase.Session writer = modern.session()) {
                writer.execute("begin");
                writer.execute("update modern.item set title = 'mine'");

                TrialWrite.Outcome outcome =
                        new TrialWrite(sides.databases(), List.of(), PATIENCE).run(mapping(sides), Side.LEGACY);

                assertThat(outcome.findings()).isEmpty();
                assertThat(outcome.untried()).isGreaterThanOrEqualTo(6);
                assertThat(outcome.rows()).isGreaterThan(3);
                writer.execute("commit");
            }
        }
    }

    /** The backfill takes care of references to another entity's rows. */
    @ParameterizedTest
    @EnumSource
    void aReferenceToAnotherEntityIsNoFinding(Topology topology) {
        try (TwoSides sides = items(topology, COLUMNS, COLUMNS)) {
            sides.legacy(ROWS);
            sides.legacy("create table legacy.part (id int primary key, item_id int not null references legacy.item)");
            sides.legacy("insert into legacy.part values (1, 1), (2, 2)");
            sides.modern("create table modern.part (id int primary key, item_id int not null references modern.item)");
            TableMapping part = TableMapping.table("part")
                    .legacy("legacy", "part")
                    .modern("modern", "part")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .project(new Column("item_id", "integer"), "item_id")
                    .restore(new Column("item_id", "integer"), "item_id")
                    .build();

            assertThat(new TrialWrite(sides.databases(), List.of(mapping(sides), part), PATIENCE)
                            .run(part, Side.LEGACY)
                            .findings())
                    .isEmpty();
            assertThat(new TrialWrite(sides.databases(), List.of(part), PATIENCE)
                            .run(part, Side.LEGACY)
                            .findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.problem()).contains("part_item_id_fkey"));
        }
    }

    /** The rows that it refers to are mirrored first, as the trial's own, before any backfill. */
    @ParameterizedTest
    @EnumSource
    void aTriggerOfATableThatRefersToAnotherEntityIsFoundAllTheSame(Topology topology) {
        try (TwoSides sides = items(topology, COLUMNS, COLUMNS)) {
            sides.legacy(ROWS);
            sides.legacy(
                    "create table legacy.part (id int primary key, item_id int not null references legacy.item, v text)");
            sides.legacy("insert into legacy.part values (1, 1, 'a'), (2, 2, 'b')");
            sides.modern(
                    "create table modern.part (id bigint primary key, item_id int not null references modern.item, v text)",
                    "create function modern.change() returns trigger language plpgsql as 'begin new.v := ''other''; return new; end'",
                    "create trigger change before insert on modern.part for each row execute function modern.change()");
            TableMapping part = TableMapping.table("part")
                    .legacy("legacy", "part")
                    .modern("modern", "part")
                    .key(new Column("id", "integer"), new Column("id", "bigint"))
                    .project(new Column("item_id", "integer"), "item_id")
                    .project(new Column("v", "text"), "v")
                    .restore(new Column("item_id", "integer"), "item_id")
                    .restore(new Column("v", "text"), "v")
                    .build();

            assertThat(new TrialWrite(sides.databases(), List.of(mapping(sides), part), PATIENCE)
                            .run(part, Side.LEGACY)
                            .findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.path()).isEqualTo("entities.part.project.v"));
            assertThat(sides.modernDatabase().dsl().fetchValue("select count(*) from modern.item"))
                    .isEqualTo(0L);
        }
    }

    /** A row whose key is a reference cannot be duplicated: then the existing one gets other values. */
    @ParameterizedTest
    @EnumSource
    void aKeyThatIsAReferenceIsTriedOnTheRowThatIsThere(Topology topology) {
        try (TwoSides sides = items(topology, COLUMNS, COLUMNS)) {
            sides.legacy("insert into legacy.item (code) values ('c1')");
            sides.legacy("create table legacy.note (id int primary key references legacy.item, v text)");
            sides.legacy("insert into legacy.note values (1, 'x')");
            sides.modern("create table modern.note (id int primary key, v varchar(20))");
            TableMapping note = TableMapping.table("note")
                    .legacy("legacy", "note")
                    .modern("modern", "note")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .project(new Column("v", "character varying(20)"), "v")
                    .restore(new Column("v", "text"), "v")
                    .build();

            assertThat(tried(sides, note, Side.LEGACY))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.problem()).contains("too long"));
            assertThat(sides.legacyDatabase().dsl().fetchValue("select v from legacy.note"))
                    .isEqualTo("x");
        }
    }

    @Test
    void aMissingTableIsForTheCheckToTell() {
        try (TwoSides sides = TwoSides.create(Topology.ONE_DATABASE)) {
            TableMapping nowhere = TableMapping.table("item")
                    .legacy("legacy", "nowhere")
                    .modern("modern", "nowhere")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .build();

            assertThat(tried(sides, nowhere, Side.LEGACY)).isEmpty();
        }
    }
}
