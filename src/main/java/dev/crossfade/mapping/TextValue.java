package dev.crossfade.mapping;

import java.math.BigDecimal;
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
import java.util.Collection;
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

    /** ISO puts a sign before years of five digits and before Christ; PostgreSQL takes it for a time zone. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DATE)
            .appendPattern("'T'HH:mm:ss.SSSSSS")
            .toFormatter(Locale.ROOT);

    private TextValue() {}

    /** Returns the text of {@code value}, null for null. */
    public static @Nullable String of(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case BigDecimal number -> number.toPlainString();
            case OffsetDateTime time -> instant(time);
            case ZonedDateTime time -> instant(time.toOffsetDateTime());
            case Instant time -> instant(time.atOffset(ZoneOffset.UTC));
            case LocalDateTime time -> LOCAL.format(time) + era(time.toLocalDate());
            case LocalDate date -> DATE.format(date) + era(date);
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

    /** Returns the text of a key column's value in the canonical form of {@link Column#keyText}. */
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

    private static String instant(OffsetDateTime time) {
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        return LOCAL.format(utc) + "Z" + era(utc.toLocalDate());
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
