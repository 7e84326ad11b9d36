package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RepositoryPair;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Things;
import dev.crossfade.testing.Things.Notes;
import dev.crossfade.testing.Things.RoutedThings;
import dev.crossfade.testing.Things.Thing;
import dev.crossfade.testing.Topology;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 4 where one key has many spellings: a save under one is seen by reads under all. */
class SpelledKeysIT {

    private static final String STALLED = "begin; lock table modern.thing in share row exclusive mode";

    private static final String[] TYPES = {
        "create extension citext schema public",
        "create extension hstore schema public",
        "create domain public.amount as numeric",
        "create domain public.hour as time without time zone"
    };

    /** A type and values of it that are all the same key; {@code KeySpellingIT} covers more of them. */
    static Stream<Arguments> spellings() {
        String uuid = "0a0b0c0d-1111-2222-3333-44445555aaff";
        return Stream.of(
                same("integer", 7, 7L, BigInteger.valueOf(7), "007", "+7"),
                same("numeric", new BigDecimal("1.0"), new BigDecimal("1.00"), 1L, 1.0d, "1.000", "1e0"),
                same("numeric(8,2)", new BigDecimal("1.005"), new BigDecimal("1.01"), "1.010", 1.01d),
                same("character(6)", "ab", "ab  ", "ab        "),
                same("uuid", UUID.fromString(uuid), uuid, uuid.toUpperCase(Locale.ROOT), "{" + uuid + "}"),
                same("time without time zone", LocalTime.of(10, 0), "10:00:00", "10:00", "10:00:00.0000004"),
                same("time(3) without time zone", LocalTime.of(10, 0, 0, 1_400_000), LocalTime.of(10, 0, 0, 1_000_000)),
                same(
                        "timestamp with time zone",
                        OffsetDateTime.parse("2024-01-05T10:00:00+01:00"),
                        OffsetDateTime.parse("2024-01-05T14:30:00+05:30"),
                        Instant.parse("2024-01-05T09:00:00Z"),
                        "2024-01-05 09:00+00"),
                same("bytea", new byte[] {(byte) 0xca, (byte) 0xfe}, "\\xCAFE", "\\312\\376"),
                same("bit(8)", "10110011", "b10110011", "xB3"),
                same("inet", "10.0.0.1", "10.0.0.1/32"),
                same("macaddr", "08:00:2b:01:02:03", "08-00-2B-01-02-03", "08002b010203"),
                same("public.citext", "Java", "java", "JAVA"),
                same("public.amount", new BigDecimal("1.0"), new BigDecimal("1.000"), "1.00", 1L),
                same("public.hour", LocalTime.of(10, 0), "10:00:00"),
                same("public.hstore", "a=>1, b=>2", "b=>2,a=>1"));
    }

    private static Arguments same(String type, Object... values) {
        return Arguments.of(type, List.of(values));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("spellings")
    void aSaveIsSeenUnderEverySpelling(String type, List<Object> values) throws Exception {
        try (Things world = new Things(Topology.TWO_DATABASES, type, TYPES)) {
            RoutedThings things = world.at(Stage.MODERN_READ);
            things.save(new Thing(values.getFirst(), "before"));
            assertThat(world.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();

            try (TestDatabase.Session mirror = world.of(Side.MODERN).session()) {
                mirror.execute(STALLED);
                for (int i = 0; i < values.size(); i++) {
                    String note = "by spelling " + i;
                    things.save(new Thing(values.get(i), note));
                    for (Object value : values) {
                        assertThat(things.noteOf(value)).as("%s", value).isEqualTo(note);
                        assertThat(things.awaitMirror(value, Duration.ZERO)).isFalse();
                        assertThat(world.crossfade()
                                        .<String>readOnly(tx -> things.in(tx).noteOf(value)))
                                .as("%s in a transaction", value)
                                .isEqualTo(note);
                        assertThat(things.findAll(List.of(value)))
                                .extracting(Thing::note)
                                .containsExactly(note);
                    }
                }
                assertThat(things.delete(values.getLast())).isTrue();
                for (Object value : values) {
                    assertThat(things.noteOf(value)).as("deleted: %s", value).isNull();
                }
            }

            for (Object value : values) {
                assertThat(things.awaitMirror(value, Duration.ofSeconds(20))).isTrue();
            }
            assertThat(world.rows(Side.MODERN)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void repositoriesWrittenByHandMayNameKeysInAnySpelling(Topology topology) throws Exception {
        String spelled = "0a0b0c0d-1111-2222-3333-44445555aaff";
        List<String> values = List.of(spelled.toUpperCase(Locale.ROOT), "{" + spelled + "}", spelled);
        try (Things world = new Things(topology, "uuid")) {
            RoutedThings things = world.at(Stage.DUAL_WRITE);
            RepositoryPair<Notes, String> pair = world.crossfade().pair(world.pair());
            world.moveTo(Stage.MODERN_READ);
            things.save(new Thing(spelled, "before"));
            assertThat(world.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();

            try (TestDatabase.Session mirror = world.of(Side.MODERN).session()) {
                mirror.execute(STALLED);
                for (String named : values) {
                    pair.write(named, notes -> notes.save(named, "named " + named));
                    for (String value : values) {
                        assertThat(pair.<Optional<String>>read(value, notes -> notes.noteOf(value)))
                                .contains("named " + named);
                        assertThat(things.noteOf(value)).isEqualTo("named " + named);
                        assertThat(things.noteOf(UUID.fromString(spelled))).isEqualTo("named " + named);
                    }
                }
                assertThat(world.of(Side.LEGACY)
                                .dsl()
                                .fetch("select distinct key[1] from crossfade.intent")
                                .getValues(0, String.class))
                        .as("appliers lock a key by its text, so there must be one")
                        .containsExactly(spelled);
            }
            assertThat(world.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.rows(Side.MODERN)).isEqualTo(world.rows(Side.LEGACY));

            pair.write(values.getFirst(), notes -> notes.delete(values.getLast()));

            assertThat(world.crossfade().awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.rows(Side.MODERN)).isEmpty();
        }
    }

    @Test
    void aKeyWhoseSpellingIsCertainIsReadFromTheModernSideWhileAnotherIsPending() {
        try (Things world = new Things(Topology.TWO_DATABASES, "time without time zone")) {
            RoutedThings things = world.at(Stage.MODERN_READ);
            things.save(new Thing(LocalTime.of(9, 0), "before"));
            Awaitility.await().until(() -> world.crossfade().pending("thing") == 0);
            world.of(Side.MODERN).execute("update modern.thing set note = 'modern answered'");

            try (TestDatabase.Session mirror = world.of(Side.MODERN).session()) {
                mirror.execute(STALLED);
                things.save(new Thing(LocalTime.of(10, 0), "pending"));

                assertThat(things.noteOf(LocalTime.of(9, 0))).isEqualTo("modern answered");
                assertThat(things.noteOf("09:00")).isEqualTo("before");
                assertThat(things.noteOf(LocalTime.of(10, 0))).isEqualTo("pending");
            }
        }
    }
}
