package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and keys survive the way through text, whatever the session's settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextFormsIT {

    private static final long SEED = Long.getLong("crossfade.test.seed", System.nanoTime());
    private static final int TRIES = 60;

    private static final List<String> AWKWARD_SETTINGS = List.of(
            "set timezone = 'Australia/Lord_Howe'",
            "set datestyle = 'ISO, DMY'",
            "set intervalstyle = 'sql_standard'",
            "set bytea_output = 'escape'");

    private TestDatabase database;

    @BeforeAll
    void open() {
        database = TestDatabases.create();
    }

    @AfterAll
    void close() {
        database.close();
    }

    static Stream<Arguments> types() {
        return Stream.of(
                type("bigint", Long.class, Random::nextLong),
                type("integer", Integer.class, Random::nextInt),
                type("smallint", Short.class, random -> (short) random.nextInt()),
                type("boolean", Boolean.class, Random::nextBoolean),
                type("numeric", BigDecimal.class, TextFormsIT::number),
                type("double precision", Double.class, random -> Double.longBitsToDouble(random.nextLong())),
                type("real", Float.class, random -> Float.intBitsToFloat(random.nextInt())),
                type("text", String.class, TextFormsIT::text),
                type("uuid", UUID.class, random -> new UUID(random.nextLong(), random.nextLong())),
                type("date", LocalDate.class, TextFormsIT::date),
                type("timestamp without time zone", LocalDateTime.class, TextFormsIT::dateTime),
                type(
                        "timestamp with time zone",
                        OffsetDateTime.class,
                        random -> dateTime(random).atOffset(ZoneOffset.ofHours(random.nextInt(27) - 13))),
                type(
                        "time without time zone",
                        LocalTime.class,
                        random -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000)),
                type("bytea", byte[].class, random -> {
                    byte[] bytes = new byte[random.nextInt(20)];
                    random.nextBytes(bytes);
                    return bytes;
                }),
                type(
                        "jsonb",
                        JSONB.class,
                        random -> JSONB.valueOf("{\"a\": [" + random.nextInt() + ", null, \"ä\\\"\"]}")),
                type(
                        "text[]",
                        String[].class,
                        random -> array(random, new String[random.nextInt(5)], TextFormsIT::text)),
                type(
                        "integer[]",
                        Integer[].class,
                        random -> array(random, new Integer[random.nextInt(5)], Random::nextInt)),
                type("numeric[]", BigDecimal[].class, random -> array(random, new BigDecimal[3], TextFormsIT::number)));
    }

    private static <T> Arguments type(String name, Class<T> javaType, Function<Random, T> values) {
        return Arguments.of(new Column("v", name), javaType, values);
    }

    static Stream<Arguments> keyTypes() {
        return types().filter(type -> List.of(
                        "bigint",
                        "integer",
                        "smallint",
                        "boolean",
                        "numeric",
                        "text",
                        "uuid",
                        "date",
                        "timestamp without time zone",
                        "timestamp with time zone")
                .contains(((Column) type.get()[0]).type()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aValueReadBackFromItsTextIsTheSame(Column column, Class<?> type, Function<Random, ?> values)
            throws SQLException {
        Random random = new Random(SEED);
        inAwkwardSession(dsl -> {
            for (int i = 0; i < TRIES; i++) {
                Object value = values.apply(random);
                Field<Object> parameter = column.cast(DSL.val(TextValue.of(value)));

                Object back = dsl.select(parameter.coerce(type)).fetchSingle().value1();

                assertThat(comparable(back)).as("seed %d", SEED).isEqualTo(comparable(value));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void aKeyHasTheSameTextInJavaAndOnTheServerAndIsFoundByIt(Column column, Class<?> type, Function<Random, ?> values)
            throws SQLException {
        Random random = new Random(SEED);
        inAwkwardSession(dsl -> {
            for (int i = 0; i < TRIES; i++) {
                Object value = values.apply(random);
                String text = TextValue.ofKey(value);
                Field<Object> stored = column.cast(DSL.val(TextValue.of(value)));

                assertThat(dsl.select(column.keyText(stored)).fetchSingle().value1())
                        .as("seed %d", SEED)
                        .isEqualTo(text);
                assertThat(dsl.fetchValue(DSL.field(stored.eq(column.cast(DSL.val(text))))))
                        .as("seed %d: %s", SEED, text)
                        .isEqualTo(true);
            }
        });
    }

    private void inAwkwardSession(Consumer<DSLContext> work) throws SQLException {
        try (Connection connection =
                database.newDataSource(pool -> pool.setMaximumPoolSize(1)).getConnection()) {
            DSLContext dsl = Databases.dsl(connection);
            AWKWARD_SETTINGS.forEach(dsl::execute);
            work.accept(dsl);
        }
    }

    private static Object comparable(Object value) {
        return switch (value) {
            case OffsetDateTime time -> time.toInstant();
            case Double number when number.isNaN() -> "NaN";
            case Float number when number.isNaN() -> "NaN";
            case BigDecimal number -> number;
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case Object[] array -> Arrays.asList(array).toString();
            default -> value;
        };
    }

    private static BigDecimal number(Random random) {
        return new BigDecimal(new BigInteger(random.nextInt(90), random), random.nextInt(30))
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }

    private static String text(Random random) {
        String letters = "aZ09 '\"\\{},;-/äß漢😀\t\n%_NULL";
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                .forEach(i -> text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, i))));
        return text.toString();
    }

    private static LocalDate date(Random random) {
        return LocalDate.ofEpochDay(random.nextInt(3_650_000) - 700_000);
    }

    private static LocalDateTime dateTime(Random random) {
        return date(random).atTime(LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000));
    }

    private static <T> T[] array(Random random, T[] array, Function<Random, T> values) {
        for (int i = 0; i < array.length; i++) {
            array[i] = random.nextInt(4) == 0 && array instanceof String[] ? null : values.apply(random);
        }
        return array;
    }
}
