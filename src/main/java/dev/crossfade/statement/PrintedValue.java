package dev.crossfade.statement;

import dev.crossfade.mapping.Column;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SpecialNumber;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Java values from the texts that PostgreSQL prints in a session with ISO dates, which the driver demands.
 * Infinite days and moments become the first and last of their Java type, {@code 24:00:00} the last time of the day,
 * days before Christ stay what they are, and {@code NaN} and infinite numbers become a {@link SpecialNumber}: {@link
 * dev.crossfade.sql.TextValue} turns each of them back.
 */
public final class PrintedValue {

    private static final Pattern MOMENT = Pattern.compile(
            "(\\d+)-(\\d\\d)-(\\d\\d)(?: (\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?([+-]\\d\\d(?::\\d\\d){0,2})?)?( BC)?");
    private static final String END_OF_DAY = "24:00:00";

    private static final Map<String, Map<Class<?>, Function<String, Object>>> READERS = Map.of(
            "date",
            Map.of(LocalDate.class, PrintedValue::date),
            "timestamp without time zone",
            Map.of(LocalDateTime.class, PrintedValue::dateTime),
            "timestamp with time zone",
            Map.of(OffsetDateTime.class, PrintedValue::offsetDateTime, Instant.class, PrintedValue::instant),
            "time without time zone",
            Map.of(LocalTime.class, PrintedValue::time),
            "numeric",
            Map.of(
                    BigDecimal.class, SpecialNumber::parse,
                    BigInteger.class, text -> number(text).toBigIntegerExact(),
                    Long.class, text -> number(text).longValueExact(),
                    Integer.class, text -> number(text).intValueExact(),
                    Short.class, text -> number(text).shortValueExact(),
                    Byte.class, text -> number(text).byteValueExact()));

    private PrintedValue() {}

    /** Tells whether jOOQ, reading a column through JDBC's types, would misread some of its values. */
    public static boolean isMisread(Column column) {
        return READERS.containsKey(column.plainType()) && !column.plainType().equals("numeric");
    }

    /** Returns a reader of a column's values as a Java type; empty if jOOQ reads them all correctly. */
    static Optional<Function<String, Object>> reader(Column column, Class<?> type) {
        String base = column.plainType();
        Class<?> component = type.getComponentType();
        if (component == null) {
            return Optional.ofNullable(READERS.getOrDefault(base, Map.of()).get(type));
        }
        return base.endsWith("[]")
                ? Optional.ofNullable(READERS.getOrDefault(base.substring(0, base.length() - 2), Map.of())
                                .get(component))
                        .map(reader -> text -> array(text, component, reader))
                : Optional.empty();
    }

    private static LocalDate date(String text) {
        return infinite(text, LocalDate.MIN, LocalDate.MAX).orElseGet(() -> date(parts(text)));
    }

    private static LocalDateTime dateTime(String text) {
        return infinite(text, LocalDateTime.MIN, LocalDateTime.MAX).orElseGet(() -> dateTime(parts(text)));
    }

    private static OffsetDateTime offsetDateTime(String text) {
        return infinite(text, OffsetDateTime.MIN, OffsetDateTime.MAX).orElseGet(() -> {
            Matcher parts = parts(text);
            return dateTime(parts).atOffset(ZoneOffset.of(parts.group(8)));
        });
    }

    private static Instant instant(String text) {
        return infinite(text, Instant.MIN, Instant.MAX)
                .orElseGet(() -> offsetDateTime(text).toInstant());
    }

    private static LocalTime time(String text) {
        return text.equals(END_OF_DAY) ? LocalTime.MAX : LocalTime.parse(text);
    }

    private static <T> Optional<T> infinite(String text, T first, T last) {
        return switch (text) {
            case "infinity" -> Optional.of(last);
            case "-infinity" -> Optional.of(first);
            default -> Optional.empty();
        };
    }

    private static Matcher parts(String text) {
        Matcher parts = MOMENT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException(
                    "The server has printed a date or a timestamp otherwise than in ISO's way. Leave the session's DateStyle alone: the driver sets it.");
        }
        return parts;
    }

    private static LocalDate date(Matcher parts) {
        int year = Integer.parseInt(parts.group(1));
        return LocalDate.of(
                parts.group(9) == null ? year : 1 - year,
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)));
    }

    private static LocalDateTime dateTime(Matcher parts) {
        String fraction = parts.group(7);
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
        return date(parts)
                .atTime(
                        Integer.parseInt(parts.group(4)),
                        Integer.parseInt(parts.group(5)),
                        Integer.parseInt(parts.group(6)),
                        nanos);
    }

    private static BigDecimal number(String text) {
        BigDecimal number = SpecialNumber.parse(text);
        if (number instanceof SpecialNumber) {
            throw new InvalidInputException(
                    "A numeric column holds %s, which Java's integers do not have. Correct the row, or have jOOQ's generator give the column the type NUMERIC (forcedTypes), for which records carry it."
                            .formatted(text));
        }
        return number;
    }

    /** Reads an array of one dimension; a Java array cannot hold other bounds. */
    private static Object array(String text, Class<?> component, Function<String, Object> reader) {
        List<@Nullable String> elements = elements(text.substring(text.indexOf('{')));
        Object array = Array.newInstance(component, elements.size());
        for (int i = 0; i < elements.size(); i++) {
            String element = elements.get(i);
            Array.set(array, i, element == null ? null : reader.apply(element));
        }
        return array;
    }

    /** Elements of these types have no quotes, commas or braces in them. */
    private static List<@Nullable String> elements(String array) {
        String inner = array.substring(1, array.length() - 1);
        if (inner.contains("{")) {
            throw new InvalidInputException(
                    "An array has several dimensions, which the record's Java type has not. Give the column a converter in jOOQ's generator.");
        }
        List<@Nullable String> elements = new ArrayList<>();
        for (String one : inner.isEmpty() ? new String[0] : inner.split(",", -1)) {
            elements.add(one.equals("NULL") ? null : one.replace("\"", ""));
        }
        return elements;
    }
}
