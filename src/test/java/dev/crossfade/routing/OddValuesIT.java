package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.SpecialNumber;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that Java's or JDBC's types cannot represent survive a find and a save. */
class OddValuesIT {

    /** Java types by column, as jOOQ's generator gives them. */
    private static final Map<String, DataType<?>> TYPES = Map.of(
            "date", SQLDataType.LOCALDATE,
            "timestamp without time zone", SQLDataType.LOCALDATETIME,
            "timestamp with time zone", SQLDataType.TIMESTAMPWITHTIMEZONE,
            "time without time zone", SQLDataType.LOCALTIME,
            "numeric", SQLDataType.NUMERIC,
            "double precision", SQLDataType.DOUBLE,
            "real", SQLDataType.REAL,
            "date[]", SQLDataType.LOCALDATE.array(),
            "numeric[]", SQLDataType.NUMERIC.array(),
            "timestamp with time zone[]", SQLDataType.TIMESTAMPWITHTIMEZONE.array());

    private static final List<String> VALUES = List.of(
            "date '2030-01-01'",
            "date 'infinity'",
            "date '-infinity'",
            "date '0044-03-15 BC'",
            "date '0001-12-31 BC'",
            "date '5874897-12-31'",
            "timestamp '2030-01-01 10:00:00.123456'",
            "timestamp 'infinity'",
            "timestamp '-infinity'",
            "timestamp '0044-03-15 10:00 BC'",
            "timestamp '0005-02-29 23:59:59.999999 BC'",
            "timestamptz '2030-01-01 10:00+02'",
            "timestamptz 'infinity'",
            "timestamptz '-infinity'",
            "timestamptz '0044-03-15 10:00+00 BC'",
            "timestamptz '1850-01-01 10:00+00'",
            "time '24:00'",
            "time '00:00'",
            "time '23:59:59.999999'",
            "numeric 'NaN'",
            "numeric 'Infinity'",
            "numeric '-Infinity'",
            "numeric '1.50'",
            "numeric '1e20'",
            "float8 'NaN'",
            "float8 '-Infinity'",
            "float8 '-0'",
            "float4 'NaN'",
            "float4 'Infinity'",
            "array[date 'infinity', date '0044-03-15 BC', null]",
            "array[numeric 'NaN', 1.50, null]",
            "array[timestamptz '-infinity', timestamptz '0044-03-15 10:00+00 BC', timestamptz '2030-01-01 10:00+02']",
            "cast('{}' as date[])");

    record Odd(int id, @Nullable Object value) {}

    @Test
    void areFoundAndSavedAsTheyWere() {
        TYPES.forEach((type, javaType) -> {
            try (Odds odds = new Odds(type, javaType)) {
                List<String> before = odds.rows();
                List<Integer> keys =
                        IntStream.rangeClosed(1, before.size()).boxed().toList();

                List<Odd> found = odds.repository.findAll(keys);
                assertThat(found).as(type).hasSameSizeAs(keys);
                assertThat(odds.repository.page(null, 100)).hasSameSizeAs(keys);
                odds.execute("set timezone = 'Asia/Tokyo'");
                keys.forEach(
                        key -> odds.repository.save(odds.repository.find(key).orElseThrow()));
                odds.repository.saveAll(found);
                odds.execute("reset timezone");

                assertThat(odds.rows()).as(type).isEqualTo(before);
            }
        });
    }

    @Test
    void haveTheValuesThatTheDocumentsSay() {
        try (Odds days = new Odds("date", SQLDataType.LOCALDATE);
                Odds numbers = new Odds("numeric", SQLDataType.NUMERIC);
                Odds times = new Odds("time without time zone", SQLDataType.LOCALTIME)) {
            assertThat(days.values())
                    .startsWith(
                            LocalDate.of(2030, 1, 1),
                            LocalDate.MAX,
                            LocalDate.MIN,
                            LocalDate.of(-43, 3, 15),
                            LocalDate.of(0, 12, 31));
            assertThat(numbers.values())
                    .startsWith(SpecialNumber.NAN, SpecialNumber.INFINITY, SpecialNumber.NEGATIVE_INFINITY)
                    .contains(new BigDecimal("1.50"));
            assertThat(times.values()).startsWith(LocalTime.MAX, LocalTime.MIDNIGHT);
        }
    }

    /** A converter of the service's gets what jOOQ would have given it. */
    @Test
    void reachAConverterOfTheService() {
        DataType<String> converted = SQLDataType.LOCALDATETIME.asConvertedDataType(Converter.from(
                LocalDateTime.class,
                String.class,
                time -> time == null ? "none" : time.equals(LocalDateTime.MAX) ? "never" : "" + time.getYear()));
        DataType<Instant> instants = SQLDataType.INSTANT;
        try (Odds odds = new Odds("timestamp without time zone", converted);
                Odds moments = new Odds("timestamp with time zone", instants)) {
            assertThat(odds.values()).startsWith("2030", "never").contains("-43", "none");
            assertThat(moments.values())
                    .contains(
                            Instant.MAX,
                            Instant.MIN,
                            OffsetDateTime.of(-43, 3, 15, 10, 0, 0, 0, ZoneOffset.UTC)
                                    .toInstant());
        }
    }

    @Test
    void aNumberThatNoIntegerCanBeIsNamedWithTheRemedy() {
        try (Odds odds = new Odds("numeric", SQLDataType.BIGINT)) {
            assertThatThrownBy(() -> odds.repository.find(1))
                    .hasRootCauseInstanceOf(InvalidInputException.class)
                    .rootCause()
                    .hasMessageContaining("numeric column holds NaN")
                    .hasMessageContaining("forcedTypes");
        }
    }

    /** A table of odd values of one type on each side, mirrored. */
    private static final class Odds implements AutoCloseable {

        private final TestDatabase legacy = TestDatabases.create();
        private final Crossfade crossfade;
        private final SideOdds repository;

        Odds(String type, DataType<?> javaType) {
            legacy.execute("create schema legacy; create table legacy.odd (id integer primary key, v " + type + ")");
            legacy.execute("create schema modern; create table modern.odd (id integer primary key, v " + type + ")");
            VALUES.stream()
                    .filter(value ->
                            type.equals(legacy.dsl().fetchValue("select cast(pg_typeof(" + value + ") as text)")))
                    .forEach(value -> legacy.execute(
                            "insert into legacy.odd select count(*) + 1, " + value + " from legacy.odd"));
            legacy.execute("insert into legacy.odd select count(*) + 1, null from legacy.odd");
            TableMapping mapping = TableMapping.table("odd")
                    .legacy("legacy", "odd")
                    .modern("modern", "odd")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .project(new Column("v", type), "v")
                    .restore(new Column("v", type), "v")
                    .build();
            crossfade = Crossfade.builder().database(legacy.dataSource()).build();
            repository = new SideOdds(crossfade.routing(), new Type(mapping, javaType));
        }

        void execute(String sql) {
            legacy.execute(sql);
        }

        List<String> rows() {
            return legacy.dsl()
                    .fetch("select cast(v as text) from legacy.odd order by id")
                    .getValues(0, String.class);
        }

        List<@Nullable Object> values() {
            return repository.page(null, 100).stream().map(Odd::value).toList();
        }

        @Override
        public void close() {
            crossfade.close();
            legacy.close();
        }
    }

    private record Type(TableMapping mapping, DataType<?> javaType) implements EntityType<Odd, Integer> {

        @Override
        public List<Field<?>> fields() {
            return List.of(DSL.field(DSL.name("id"), Integer.class), DSL.field(DSL.name("v"), javaType));
        }

        @Override
        public Odd fromRow(Record row) {
            Object typed = row.get(1, javaType.getType());
            assertThat(typed).isEqualTo(row.get(1));
            return new Odd(row.get(0, Integer.class), row.get(1));
        }

        @Override
        public List<@Nullable Object> values(Odd odd) {
            return Arrays.asList(odd.id(), odd.value());
        }

        @Override
        public List<Object> keyValues(Integer key) {
            return List.of(key);
        }

        @Override
        public Integer key(Odd odd) {
            return odd.id();
        }
    }

    private static final class SideOdds extends SideRepository<Odd, Integer> {

        SideOdds(Router router, Type type) {
            super(router, type, Side.LEGACY);
        }

        private SideOdds(SideOdds from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public SideOdds in(Transaction transaction) {
            return new SideOdds(this, transaction);
        }
    }
}
