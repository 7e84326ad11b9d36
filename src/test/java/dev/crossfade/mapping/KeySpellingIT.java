package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextValue;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.EnumType;
import org.jooq.Field;
import org.jooq.Schema;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's guess of a key's spelling equals the server's spelling of the stored row. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeySpellingIT {

    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());
    private static final int TRIES = 25;
    private static final String UUID_TEXT = "0a0b0c0d-1111-2222-3333-44445555aaff";

    private TestDatabase database;

    @BeforeAll
    void open() {
        database = TestDatabases.create();
        database.execute(
                "create extension citext schema public",
                "create type public.mood as enum ('calm', 'glad')",
                "create domain public.code as character(6)",
                "create domain public.token as uuid");
    }

    @AfterAll
    void close() {
        database.close();
    }

    private enum Mood implements EnumType {
        CALM,
        GLAD;

        @Override
        public String getLiteral() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String getName() {
            return "mood";
        }

        @Override
        public Schema getSchema() {
            return DSL.schema(DSL.name("public"));
        }
    }

    /** A type and values of it that are all the same key. */
    static Stream<Arguments> sameKeys() {
        return Stream.of(
                same("smallint", (short) 7, 7L, (byte) 7, "007", " 7 "),
                same("bigint", 7L, 7, BigInteger.valueOf(7), "+7"),
                same("numeric", new BigDecimal("1.0"), new BigDecimal("1.00"), 1L, 1.0d, "1.000", "1e0"),
                same("numeric", new BigDecimal("1E+3"), 1000, "1000.0"),
                same("numeric", BigDecimal.ZERO, new BigDecimal("0.00"), "-0"),
                same("numeric(8,2)", new BigDecimal("1.005"), new BigDecimal("1.01"), "1.010", 1.01d),
                same("numeric(5,-2)", 1234L, 1200, new BigDecimal("1.2E+3")),
                same("boolean", true, "yes", "T"),
                same("text", "a \u00e4", new StringBuilder("a \u00e4")),
                same("text", "a\ud800b", "a?b"),
                same("character varying(3)", "abc", "abc  "),
                same("character(6)", "ab", "ab  ", "ab        "),
                same("bpchar", "ab  ", "ab"),
                same("uuid", UUID.fromString(UUID_TEXT), UUID_TEXT.toUpperCase(Locale.ROOT), "{" + UUID_TEXT + "}"),
                same("date", LocalDate.of(2024, 1, 5), "2024-1-5", "20240105"),
                same("date", LocalDate.of(-43, 3, 15), "0044-03-15 BC", "March 15, 44 BC"),
                same("date", "infinity", "Infinity"),
                same("time without time zone", LocalTime.of(10, 0), "10:00:00", "10:00", "10:00:00.0000004"),
                same("time without time zone", LocalTime.of(10, 0, 0, 500_000_000), "10:00:00.5", "100000.500"),
                same("time without time zone", LocalTime.of(10, 0, 0, 1_600), LocalTime.of(10, 0, 0, 2_000)),
                same("time(3) without time zone", LocalTime.of(10, 0, 0, 1_400_000), LocalTime.of(10, 0, 0, 1_000_000)),
                same(
                        "timestamp without time zone",
                        LocalDateTime.of(2024, 1, 5, 10, 0),
                        "2024-01-05 10:00",
                        Instant.parse("2024-01-05T10:00:00Z")),
                same(
                        "timestamp(0) without time zone",
                        LocalDateTime.of(2024, 1, 5, 10, 0, 0, 400_000_000),
                        LocalDateTime.of(2024, 1, 5, 10, 0)),
                same(
                        "timestamp with time zone",
                        OffsetDateTime.parse("2024-01-05T10:00:00+01:00"),
                        OffsetDateTime.parse("2024-01-05T14:30:00+05:30").atZoneSameInstant(ZoneId.of("Asia/Tokyo")),
                        Instant.parse("2024-01-05T09:00:00Z"),
                        "2024-01-05 09:00+00"),
                same("timestamp with time zone", "-infinity"),
                same("bytea", new byte[] {(byte) 0xca, (byte) 0xfe}, "\\xCAFE", "\\312\\376"),
                same("bit(8)", "10110011", "b10110011", "xB3"),
                same("bit varying(8)", "1011", "xB"),
                same("inet", "10.0.0.1", "10.0.0.1/32"),
                same("cidr", "10.1.0.0/16", "10.1/16"),
                same("macaddr", "08:00:2b:01:02:03", "08-00-2B-01-02-03", "08002b010203"),
                same("macaddr8", "08:00:2b:01:02:03:04:05", "08002B-0102030405"),
                same("public.mood", Mood.GLAD, "glad"),
                same("public.citext", "J\u00c4va", "j\u00e4VA", "J\u00e4va"),
                same("public.code", "ab", "ab   "),
                same("public.token", UUID.fromString(UUID_TEXT), UUID_TEXT.toUpperCase(Locale.ROOT)));
    }

    private static Arguments same(String type, Object... values) {
        return Arguments.of(new Column("id", type), List.of(values));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("sameKeys")
    void equalKeysHaveOneTextAndNoneIsGuessed(Column column, List<Object> values) {
        List<String> stored =
                values.stream().map(value -> stored(column, value)).toList();

        assertThat(stored).doesNotContainNull().containsOnly(stored.getFirst());
        assertThat(values.stream().map(value -> KeySpelling.text(column, value)).filter(text -> text != null))
                .allSatisfy(text -> assertThat(text).isEqualTo(stored.getFirst()));
        assertThat(stored(column, stored.getFirst()))
                .as("the text is read back as the same key")
                .isEqualTo(stored.getFirst());
    }

    /** The Java types that the generator gives to key columns of these types. */
    static Stream<Arguments> usualTypes() {
        return Stream.of(
                usual("smallint", random -> (short) random.nextInt()),
                usual("integer", Random::nextInt),
                usual("bigint", Random::nextLong),
                usual("numeric", KeySpellingIT::number),
                usual("numeric(38,0)", random -> new BigInteger(100, random)),
                usual("numeric(30,10)", random -> BigDecimal.valueOf(random.nextLong(), random.nextInt(11))),
                usual("boolean", Random::nextBoolean),
                usual("text", KeySpellingIT::text),
                usual("character varying(12)", KeySpellingIT::text),
                usual("character(12)", KeySpellingIT::text),
                usual("uuid", random -> new UUID(random.nextLong(), random.nextLong())),
                usual("bytea", random -> {
                    byte[] bytes = new byte[random.nextInt(20)];
                    random.nextBytes(bytes);
                    return bytes;
                }),
                usual("date", KeySpellingIT::date),
                usual("time without time zone", KeySpellingIT::time),
                usual(
                        "time(2) without time zone",
                        random -> LocalTime.ofSecondOfDay(random.nextInt(86_400))
                                .plusNanos(random.nextInt(100) * 10_000_000L)),
                usual("timestamp without time zone", random -> date(random).atTime(time(random))),
                usual(
                        "timestamp with time zone",
                        random -> date(random)
                                .atTime(time(random))
                                .atOffset(ZoneOffset.ofHours(random.nextInt(27) - 13))),
                usual("public.mood", random -> Mood.values()[random.nextInt(2)]));
    }

    private static Arguments usual(String type, Function<Random, Object> values) {
        return Arguments.of(new Column("id", type), values);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("usualTypes")
    void keysOfTheUsualJavaTypesAreCertain(Column column, Function<Random, Object> values) {
        Random random = new Random(SEED);
        for (int i = 0; i < TRIES; i++) {
            Object value = values.apply(random);

            assertThat(KeySpelling.text(column, value))
                    .as("seed %d: %s", SEED, value)
                    .isNotNull()
                    .isEqualTo(stored(column, value));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("usualTypes")
    void keysHaveTheSameTextExactlyWhenTheyAreEqual(Column column, Function<Random, Object> values) {
        Random random = new Random(SEED);
        List<String> texts = new ArrayList<>();
        IntStream.range(0, 12).forEach(i -> texts.add(TextValue.of(values.apply(random))));
        texts.addAll(texts.subList(0, 3));
        Field<Object> one = column.cast(DSL.field(DSL.name("one", "v"), String.class));
        Field<Object> other = column.cast(DSL.field(DSL.name("other", "v"), String.class));

        assertThat(database.dsl()
                        .fetch(
                                "select one.v, other.v from unnest({0}) as one (v), unnest({0}) as other (v) where ({1}) <> ({2})",
                                DSL.val(texts.toArray(String[]::new)),
                                column.keyText(one).eq(column.keyText(other)),
                                one.eq(other)))
                .as("seed %d", SEED)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"date", "timestamp without time zone", "timestamp with time zone"})
    void daysBeforeChristAndInfiniteOnesAreKeysOfTheirOwn(String type) {
        Column column = new Column("id", type);

        assertThat(Stream.of("0044-03-15", "0044-03-15 BC", "infinity", "-infinity")
                        .map(one -> stored(column, one)))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    character varying(3) ; text           ; abcd
                    numeric(8,2)         ; numeric        ; 1.005
                    integer              ; public.unknown ; 7
                    text                 ; public.citext  ; a
                    """)
    void aKeyThatTheSidesWouldSpellInTwoWaysIsNotCertain(String legacy, String modern, String text) {
        TableMapping mapping = TableMapping.table("thing")
                .key(new Column("id", legacy), new Column("id", modern))
                .build();
        Object value = legacy.startsWith("numeric") ? new BigDecimal(text) : legacy.equals("integer") ? 7 : text;

        assertThat(KeySpelling.of(mapping).certain(List.of(value))).isEmpty();
    }

    @Test
    void aKeyOfSeveralColumnsIsCertainWhenAllAre() {
        TableMapping mapping = TableMapping.table("thing")
                .key(new Column("a", "integer"), new Column("a", "bigint"))
                .key(new Column("b", "character(4)"), new Column("b", "character(4)"))
                .build();

        assertThat(KeySpelling.of(mapping).certain(List.of(7, "ab "))).contains(RecordKey.of("7", "ab"));
        assertThat(KeySpelling.of(mapping).certain(List.of("7", "ab "))).isEmpty();
    }

    /** Stores a value as a repository does and returns the key text of the row. */
    private String stored(Column column, Object value) {
        return database.dsl().transactionResult(transaction -> {
            DSLContext dsl = transaction.dsl();
            dsl.execute("create temporary table stored (id " + column.type() + ") on commit drop");
            dsl.execute("insert into stored select {0}", column.cast(DSL.val(TextValue.of(value))));
            return dsl.select(column.keyText(DSL.field(DSL.name("id"))))
                    .from("stored")
                    .fetchSingle()
                    .value1();
        });
    }

    private static BigDecimal number(Random random) {
        return new BigDecimal(new BigInteger(random.nextInt(90), random), random.nextInt(30) - 5)
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }

    private static String text(Random random) {
        String letters = "aZ09 '\"\\{},;-/\u00e4\u00df\u6f22\ud83d\ude00\t\n%_ \u00a0";
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                .forEach(i -> text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, i))));
        return text.toString();
    }

    /** From 4000 before Christ to 30000 after. */
    private static LocalDate date(Random random) {
        return LocalDate.of(-3999, 1, 1).plusDays(random.nextInt(34_000 * 365));
    }

    private static LocalTime time(Random random) {
        return LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000);
    }
}
