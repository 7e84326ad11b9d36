package dev.crossfade.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.text.SimpleDateFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jooq.EnumType;
import org.jooq.JSON;
import org.jooq.JSONB;
import org.jooq.XML;
import org.jspecify.annotations.Nullable;

/** Turns Java values into texts that PostgreSQL reads back as the same value, whatever the session's settings. */
public final class TextValue {

    /** ISO puts a sign before years of five digits and years before Christ; PostgreSQL takes it for a time zone. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DATE)
            .appendPattern("'T'HH:mm:ss.SSSSSS")
            .toFormatter(Locale.ROOT);

    /** As {@code PGStatement.DATE_POSITIVE_INFINITY}, in milliseconds. */
    private static final long DRIVERS_INFINITY = 9_223_372_036_825_200_000L;

    /** As {@code PGStatement.DATE_NEGATIVE_INFINITY}, in milliseconds. */
    private static final long DRIVERS_MINUS_INFINITY = -9_223_372_036_832_400_000L;

    private static final String INFINITY = "infinity";
    private static final String MINUS_INFINITY = "-infinity";

    private TextValue() {}

    /** Returns the text of {@code value}, null for null. */
    public static @Nullable String of(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case BigDecimal number -> number.toPlainString();
            case OffsetDateTime time -> instant(time);
            case ZonedDateTime time -> instant(time.toOffsetDateTime());
            case Instant time
            when time.equals(Instant.MAX) || time.equals(Instant.MIN) ->
                time.equals(Instant.MAX) ? INFINITY : MINUS_INFINITY;
            case Instant time -> instant(time.atOffset(ZoneOffset.UTC));
            case LocalDateTime time ->
                infinite(time, LocalDateTime.MIN, LocalDateTime.MAX, LOCAL.format(time) + era(time.toLocalDate()));
            case LocalDate date -> infinite(date, LocalDate.MIN, LocalDate.MAX, DATE.format(date) + era(date));
            case Timestamp time ->
                sql(time, String.format(Locale.ROOT, "yyyy-MM-dd HH:mm:ss.%06d", time.getNanos() / 1000));
            case java.sql.Date date -> sql(date, "yyyy-MM-dd");
            case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
            case EnumType constant -> constant.getLiteral();
            case JSONB json -> json.data();
            case JSON json -> json.data();
            case XML xml -> xml.data();
            case Object[] array -> array(Arrays.asList(array));
            case Collection<?> collection -> array(collection);
            default -> value.toString();
        };
    }

    /** Returns the text of a key column's value in the canonical form that a mapping's columns have in SQL. */
    public static String ofKey(Object value) {
        if (value instanceof BigDecimal number) {
            BigDecimal stripped = number.stripTrailingZeros();
            return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
        }
        String text = of(value);
        if (text == null) {
            throw new IllegalArgumentException("A key column must not be null.");
        }
        return text;
    }

    /** Formats JDBC's own types, with the driver's values for infinity. */
    private static String sql(Date date, String pattern) {
        if (date.getTime() == DRIVERS_INFINITY) {
            return INFINITY;
        }
        if (date.getTime() == DRIVERS_MINUS_INFINITY) {
            return MINUS_INFINITY;
        }
        Calendar calendar = new GregorianCalendar();
        calendar.setTime(date);
        String era = calendar.get(Calendar.ERA) == GregorianCalendar.BC ? " BC" : "";
        return new SimpleDateFormat(pattern, Locale.ROOT).format(date) + era;
    }

    private static String instant(OffsetDateTime time) {
        if (time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN)) {
            return time.equals(OffsetDateTime.MAX) ? INFINITY : MINUS_INFINITY;
        }
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        return LOCAL.format(utc) + "Z" + era(utc.toLocalDate());
    }

    /** The first and the last value of a Java type stand for the infinite ones, as in the driver. */
    private static <T> String infinite(T value, T first, T last, String finite) {
        return value.equals(last) ? INFINITY : value.equals(first) ? MINUS_INFINITY : finite;
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    private static String array(Collection<?> elements) {
        return elements.stream().map(TextValue::element).collect(Collectors.joining(",", "{", "}"));
    }

    private static String element(@Nullable Object element) {
        if (element instanceof Object[] || element instanceof Collection<?>) {
            return String.valueOf(of(element));
        }
        String text = of(element);
        return text == null ? "NULL" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
