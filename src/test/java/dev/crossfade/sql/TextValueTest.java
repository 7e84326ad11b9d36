package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.SpecialNumber;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGStatement;

class TextValueTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("a 'quoted' \"text\" \\ {,}", "a 'quoted' \"text\" \\ {,}"),
                Arguments.of(42, "42"),
                Arguments.of(-7L, "-7"),
                Arguments.of(true, "true"),
                Arguments.of(new BigDecimal("1E+3"), "1000"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of(1.5e-300, "1.5E-300"),
                Arguments.of(Double.NaN, "NaN"),
                Arguments.of(Float.NEGATIVE_INFINITY, "-Infinity"),
                Arguments.of(
                        UUID.fromString("00000000-0000-0001-0000-00000000000A"),
                        "00000000-0000-0001-0000-00000000000a"),
                Arguments.of(
                        OffsetDateTime.parse("2024-03-31T01:30:00.123456789+02:00"), "2024-03-30T23:30:00.123456Z"),
                Arguments.of(
                        ZonedDateTime.parse("2024-07-01T00:00:00+02:00[Europe/Berlin]"), "2024-06-30T22:00:00.000000Z"),
                Arguments.of(Instant.EPOCH, "1970-01-01T00:00:00.000000Z"),
                Arguments.of(LocalDateTime.parse("2024-01-02T03:04:05"), "2024-01-02T03:04:05.000000"),
                Arguments.of(LocalDate.parse("2024-02-29"), "2024-02-29"),
                Arguments.of(LocalDate.MAX, "infinity"),
                Arguments.of(LocalDateTime.MIN, "-infinity"),
                Arguments.of(OffsetDateTime.MAX, "infinity"),
                Arguments.of(Instant.MIN, "-infinity"),
                Arguments.of(LocalDate.of(-43, 3, 15), "0044-03-15 BC"),
                Arguments.of(new java.sql.Timestamp(PGStatement.DATE_POSITIVE_INFINITY), "infinity"),
                Arguments.of(java.sql.Timestamp.valueOf("2024-01-02 03:04:05.5"), "2024-01-02 03:04:05.500000"),
                Arguments.of(java.sql.Date.valueOf("2024-02-29"), "2024-02-29"),
                Arguments.of(SpecialNumber.NAN, "NaN"),
                Arguments.of(SpecialNumber.NEGATIVE_INFINITY, "-Infinity"),
                Arguments.of(new byte[] {0, 15, -1}, "\\x000fff"),
                Arguments.of(JSON.valueOf("{ \"a\" : 1 }"), "{ \"a\" : 1 }"),
                Arguments.of(JSONB.valueOf("[1]"), "[1]"),
                Arguments.of(new Integer[] {1, null, 3}, "{\"1\",NULL,\"3\"}"),
                Arguments.of(
                        new String[] {"NULL", "", "a\"b\\c", "{x,y}"}, "{\"NULL\",\"\",\"a\\\"b\\\\c\",\"{x,y}\"}"),
                Arguments.of(new String[][] {{"a", null}, {"b", "c"}}, "{{\"a\",NULL},{\"b\",\"c\"}}"),
                Arguments.of(new String[0], "{}"),
                Arguments.of(Arrays.asList("a", null), "{\"a\",NULL}"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueHasOneText(Object value, String text) {
        assertThat(TextValue.of(value)).isEqualTo(text);
    }

    @Test
    void nothingHasNone() {
        assertThat(TextValue.of(null)).isNull();
        assertThatThrownBy(() -> TextValue.ofKey(null)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1.500, 1.5", "100, 100", "1E+2, 100", "0.00, 0", "-0.10, -0.1"})
    void equalNumbersAreTheSameKey(BigDecimal number, String key) {
        assertThat(TextValue.ofKey(number)).isEqualTo(key);
    }

    @Test
    void aKeyOfOtherTypesIsItsText() {
        assertThat(List.of(TextValue.ofKey(5L), TextValue.ofKey("x "))).containsExactly("5", "x ");
    }
}
