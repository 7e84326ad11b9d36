package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.lossy.LossyWrite;
import dev.crossfade.lossy.LossyWriteException;
import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.lossy.LossyWriteLog.KeptWrite;
import dev.crossfade.lossy.LossyWritePolicy;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.AnyEntity;
import dev.crossfade.testing.AnyEntity.Row;
import dev.crossfade.testing.AnyEntity.Rows;
import dev.crossfade.testing.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** While legacy decides, a save whose values come back changed is reported. */
class WrittenAsGivenIT {

    private static final String LEGACY = """
            create schema old;
            create table old.person (
                id integer primary key, first_name text, last_name text, tags text[], note text, worked interval, price text);
            """;

    private static final String MODERN = """
            create schema new;
            create table new.person (
                id bigint primary key, full_name text, tag_count integer, note text, worked interval, price numeric);
            """;

    /**
     * Names of three parts lose one; a count is derived from what it counts; an interval is normalised by the way back.
     */
    private static final TableMapping MAPPING = TableMapping.table("person")
            .legacy("old", "person")
            .modern("new", "person")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)")
            .project(new Column("tag_count", "integer"), "coalesce(cardinality(tags), 0)")
            .project(new Column("note", "text"), "note")
            .project(new Column("worked", "interval"), "justify_hours(worked)")
            .project(new Column("price", "numeric"), "cast(price as numeric(12,2))")
            .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
            .restore(new Column("last_name", "text"), "nullif(split_part(full_name, ' ', 2), '')")
            .restore(new Column("note", "text"), "note")
            .restore(new Column("worked", "interval"), "worked")
            .restore(new Column("price", "text"), "cast(price as text)")
            .build();

    private static final TableMapping FILLING = TableMapping.table("person")
            .legacy("old", "person")
            .modern("new", "person")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("note", "text"), "note")
            .restore(new Column("note", "text"), "note")
            .fill(new Column("worked", "interval"), "worked")
            .build();

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, LEGACY_ONLY",
        "ONE_DATABASE, DUAL_WRITE",
        "ONE_DATABASE, SHADOW_READ",
        "ONE_DATABASE, MODERN_READ",
        "TWO_DATABASES, LEGACY_ONLY",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, SHADOW_READ",
        "TWO_DATABASES, MODERN_READ"
    })
    void whatBecomesAnotherValueIsReportedInEveryStageInWhichLegacyDecides(Topology topology, Stage stage) {
        try (AnyEntity people = people(topology, settings -> settings)) {
            Rows rows = people.at(stage);

            rows.save(person("1", "Ann Lee Smith", "0"));
            rows.save(person("2", "Bob Day", "0"));
            rows.saveAll(List.of(person("3", "Cy Fox", "0"), person("4", "Di Lee Roe", "99"), person("5", "Eve", "0")));
            people.crossfade().transaction(tx -> {
                rows.in(tx).save(person("6", "Flo May Gray", "0"));
                rows.in(tx).saveAll(List.of(person("7", "Gus", "7"), person("8", "Hal Orr", "0")));
                return null;
            });

            List<LossyWrite> found = found(people, 4);
            assertThat(found).allSatisfy(one -> {
                assertThat(one.entity()).isEqualTo("person");
                assertThat(one.changed()).isTrue();
                assertThat(one.mapping()).isEqualTo(MAPPING.fingerprint());
            });
            assertThat(found)
                    .extracting(one -> one.key().getFirst() + " "
                            + String.join(
                                    ",",
                                    one.columns().stream()
                                            .map(LossyWrite.Value::column)
                                            .toList()))
                    .containsExactlyInAnyOrder("1 full_name", "4 full_name,tag_count", "6 full_name", "7 tag_count");
            assertThat(found.toString())
                    .as("values are redacted")
                    .doesNotContain("Lee")
                    .contains("String(13)#");
            assertThat(people.of(Side.LEGACY).dsl().fetchCount(org.jooq.impl.DSL.table("old.person")))
                    .isEqualTo(8);
            people.drain();
            assertThat(rows.find("1").orElseThrow().values().get(1)).isEqualTo("Ann Lee");
            if (stage.mirrors()) {
                assertThat(people.of(Side.MODERN).dsl().fetchCount(org.jooq.impl.DSL.table("new.person")))
                        .isEqualTo(8);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, LEGACY_ONLY",
        "ONE_DATABASE, DUAL_WRITE",
        "ONE_DATABASE, MODERN_READ",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, MODERN_READ"
    })
    void whatIsRefusedIsNotStored(Topology topology, Stage stage) {
        try (AnyEntity people = people(topology, refusing("person"))) {
            Rows rows = people.at(stage);
            rows.save(person("1", "Ann Smith", "0"));

            assertThatThrownBy(() -> rows.save(person("1", "Ann Lee Smith", "3")))
                    .isInstanceOfSatisfying(LossyWriteException.class, refused -> {
                        assertThat(refused.entity()).isEqualTo("person");
                        assertThat(refused.key()).containsExactly("1");
                        assertThat(refused.columns()).containsExactly("full_name", "tag_count");
                        assertThat(refused).hasMessageNotContaining("Lee");
                    });
            assertThatThrownBy(() -> rows.saveAll(List.of(person("2", "Bob Day", "0"), person("3", "C D E", "0"))))
                    .isInstanceOfSatisfying(
                            LossyWriteException.class,
                            refused -> assertThat(refused.key()).containsExactly("3"));
            assertThatThrownBy(() -> people.crossfade().transaction(tx -> {
                        rows.in(tx).save(person("4", "Di Roe", "0"));
                        rows.in(tx).save(person("5", "E F G", "0"));
                        return null;
                    }))
                    .isInstanceOf(LossyWriteException.class);

            people.drain();
            assertThat(rows.page(null, 10)).containsExactly(person("1", "Ann Smith", "0"));
            assertThat(new LossyWriteLog(people.databases().controlDsl()).count(Optional.empty()))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aColumnCanBeAllowedWhereItsEntityIsRefused(Topology topology) {
        try (AnyEntity people = people(
                topology,
                settings -> settings.withLossyWrites(settings.lossyWrites()
                        .with(LossyWritePolicy.REFUSE, List.of("person"))
                        .with(LossyWritePolicy.ALLOW, List.of("person.full_name"))
                        .with(LossyWritePolicy.REPORT, List.of("person.tag_count"))))) {
            Rows rows = people.at(Stage.DUAL_WRITE);

            rows.save(person("1", "Ann Lee Smith", "0"));
            rows.save(person("2", "Bob Lee Day", "5"));

            assertThat(found(people, 1)).singleElement().satisfies(one -> {
                assertThat(one.key()).containsExactly("2");
                assertThat(one.columns()).extracting(LossyWrite.Value::column).containsExactly("tag_count");
            });
        }
    }

    @Test
    void equalValuesOfAnotherSpellingAreNamedAsSuchAndNotRefused() {
        try (AnyEntity people = people(Topology.ONE_DATABASE, refusing("person"))) {
            Rows rows = people.at(Stage.DUAL_WRITE);

            rows.save(Row.of("1", "Ann", "0", null, "26:30:00", "1.5"));
            rows.save(Row.of("2", "Bob", "0", null, "1 day 02:30:00", "1.50"));

            assertThat(found(people, 1)).singleElement().satisfies(one -> {
                assertThat(one.key()).containsExactly("1");
                assertThat(one.changed()).isFalse();
                assertThat(one.columns()).extracting(LossyWrite.Value::column).containsExactly("worked", "price");
            });
            assertThatThrownBy(() -> rows.save(Row.of("3", "Cy", "0", null, null, "1.505")))
                    .isInstanceOf(LossyWriteException.class);
        }
    }

    /** The row as stored counts, not the restore expression. */
    @Test
    void whatATriggerOrADefaultMakesOfTheRowIsSeen() {
        try (AnyEntity people = people(Topology.ONE_DATABASE, settings -> settings)) {
            people.of(Side.LEGACY).execute("""
                    create function old.shout() returns trigger language plpgsql as $$
                    begin new.last_name := upper(new.last_name); return new; end $$;
                    create trigger shout before insert or update on old.person for each row execute function old.shout();
                    """);
            Rows rows = people.at(Stage.DUAL_WRITE);

            rows.save(person("1", "Ann Smith", "0"));
            rows.saveAll(List.of(person("2", "Bob DAY", "0"), person("3", "Cy Fox", "0")));

            assertThat(found(people, 2))
                    .extracting(LossyWrite::key)
                    .containsExactlyInAnyOrder(List.of("1"), List.of("3"));
        }
    }

    @Test
    void aSaveThatIsRolledBackHasLostNothing() {
        try (AnyEntity people = people(Topology.ONE_DATABASE, settings -> settings)) {
            Rows rows = people.at(Stage.DUAL_WRITE);
            assertThatThrownBy(() -> people.crossfade().transaction(tx -> {
                        rows.in(tx).save(person("1", "Ann Lee Smith", "0"));
                        throw new IllegalStateException("rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            rows.save(person("2", "Bob Lee Day", "0"));

            assertThat(found(people, 1)).extracting(LossyWrite::key).containsExactly(List.of("2"));
        }
    }

    /** The comparison must never block an authoritative write. */
    @ParameterizedTest
    @CsvSource({"ONE_DATABASE, LEGACY_ONLY", "ONE_DATABASE, DUAL_WRITE", "TWO_DATABASES, DUAL_WRITE"})
    void aProjectExpressionThatFailsFailsNoSave(Topology topology, Stage stage) {
        TableMapping failing = TableMapping.table("person")
                .legacy("old", "person")
                .modern("new", "person")
                .key(new Column("id", "integer"), new Column("id", "bigint"))
                .project(new Column("tag_count", "integer"), "1 / (id - 3)")
                .project(new Column("full_name", "text"), "first_name")
                .restore(new Column("first_name", "text"), "full_name")
                .build();
        try (AnyEntity people = new AnyEntity(topology, LEGACY, MODERN, failing)) {
            Rows rows = people.at(stage);

            rows.save(Row.of("3", "0", "Ann"));
            people.crossfade().transaction(tx -> {
                rows.in(tx).save(Row.of("4", "1", "Bob"));
                rows.in(tx).saveAll(List.of(Row.of("3", "0", "Cy"), Row.of("5", "0", "Di")));
                return null;
            });

            assertThat(people.of(Side.LEGACY)
                            .dsl()
                            .fetch("select id || ' ' || first_name from old.person order by id")
                            .getValues(0, String.class))
                    .containsExactly("3 Cy", "4 Bob", "5 Di");
        }
    }

    @Test
    void oneLossAmongThousandsOfRecordsIsFound() {
        try (AnyEntity people = people(Topology.ONE_DATABASE, settings -> settings)) {
            Rows rows = people.at(Stage.DUAL_WRITE);
            List<Row> many = new ArrayList<>(IntStream.range(0, 5_000)
                    .mapToObj(i -> person("" + i, "P" + i + " Day", "0"))
                    .toList());
            many.set(4_321, person("4321", "P Q R", "0"));
            for (int i = 0; i < 8; i++) {
                // From some executions on the server plans for any number of rows.
                rows.saveAll(many.subList(0, 10));
            }

            rows.saveAll(many);

            assertThat(found(people, 1)).extracting(LossyWrite::key).containsExactly(List.of("4321"));
        }
    }

    @Test
    void namesThatDoNotExistAreRefusedAtTheStart() {
        try (AnyEntity people = people(Topology.ONE_DATABASE, settings -> settings);
                Crossfade other = people.start(refusing("person.fullname"))) {
            assertThatThrownBy(() -> new Rows(other.routing(), MAPPING))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'person.fullname'")
                    .hasMessageContaining("Did you mean 'full_name'?");
        }
        assertThatThrownBy(() -> LossyWriteSettings.DEFAULTS
                        .with(LossyWritePolicy.REFUSE, List.of("persons"))
                        .requireEntities(List.of("person")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'persons'");
    }

    /** Legacy has no place for it. */
    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, LEGACY_ONLY",
        "ONE_DATABASE, DUAL_WRITE",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, SHADOW_READ"
    })
    void aValueThatIsGivenToAFilledColumnOfAnotherTableIsReported(Topology topology, Stage stage) {
        try (AnyEntity people = new AnyEntity(topology, LEGACY, MODERN, FILLING)) {
            Rows rows = people.at(stage);

            rows.save(Row.of("1", "a", null));
            rows.save(Row.of("2", "b", "02:00:00"));
            rows.saveAll(List.of(Row.of("3", "c", null), Row.of("4", "d", "03:00:00")));

            assertThat(found(people, 2))
                    .extracting(one -> one.key().getFirst() + " "
                            + one.columns().getFirst().column())
                    .containsExactlyInAnyOrder("2 worked", "4 worked");
        }
    }

    /**
     * No value counts as given if it is left out, or given back as read from legacy or, in modern-read, from the
     * modern side.
     */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aValueForAFilledColumnCanBeRefusedAndWhatWasReadIsNone(Topology topology) {
        try (AnyEntity people = new AnyEntity(topology, LEGACY, MODERN, FILLING, refusing("person"))) {
            Rows rows = people.at(Stage.DUAL_WRITE);

            assertThatThrownBy(() -> rows.save(Row.of("2", "b", "02:00:00")))
                    .isInstanceOfSatisfying(
                            LossyWriteException.class,
                            refused -> assertThat(refused.columns()).containsExactly("worked"));
            assertThat(rows.find("2")).isEmpty();

            rows.save(Row.of("1", "a", null));
            people.drain();
            people.of(Side.LEGACY).execute("update old.person set worked = '1 hour' where id = 1");
            rows.save(rows.find("1").orElseThrow());
            people.drain();
            people.of(Side.MODERN).execute("update new.person set worked = '5 hours' where id = 1");
            people.moveTo(Stage.MODERN_READ);
            Row read = rows.find("1").orElseThrow();
            assertThat(read).isEqualTo(Row.of("1", "a", "05:00:00"));
            rows.save(read);
            people.drain();
            assertThat(rows.find("1")).contains(read);
        }
    }

    private static List<LossyWrite> found(AnyEntity people, int expected) {
        LossyWriteLog log = new LossyWriteLog(people.databases().controlDsl());
        Awaitility.await().until(() -> log.count(Optional.of("person")) >= expected);
        return log.list(Optional.of("person"), 100).stream()
                .map(KeptWrite::write)
                .toList();
    }

    private static AnyEntity people(Topology topology, UnaryOperator<RoutingSettings> settings) {
        return new AnyEntity(topology, LEGACY, MODERN, MAPPING, settings);
    }

    private static UnaryOperator<RoutingSettings> refusing(String name) {
        return settings ->
                settings.withLossyWrites(settings.lossyWrites().with(LossyWritePolicy.REFUSE, List.of(name)));
    }

    private static Row person(String id, String name, String tags) {
        return Row.of(id, name, tags, "a note", null, null);
    }
}
