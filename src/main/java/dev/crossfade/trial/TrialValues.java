package dev.crossfade.trial;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values of a type as texts: an ordinary one first, then those at its edges, which applications rarely store and a
 * mirror loses first. The trial skips a value that the server does not accept for the type.
 */
final class TrialValues {

    private static final int LONG = 3000;

    /** Letters of one to four bytes. */
    private static final List<String> LETTERS = List.of("é", "ß", "漢", "\uD83D\uDE00");

    private static final Set<String> TEXTS =
            Set.of("text", "character varying", "character", "bpchar", "citext", "name", "bit", "bit varying");

    private TrialValues() {}

    /** Tells whether a type, or the elements of an array of it, cut values off. */
    static boolean isCut(String type) {
        Column element = new Column("", element(type));
        return TEXTS.contains(element.plainType()) || element.isCitext();
    }

    /**
     * Returns the values of a type.
     *
     * @param type the type below any domain, as {@code format_type} prints it
     * @param labels the values of an enum type
     */
    static List<String> of(String type, List<String> labels) {
        if (!labels.isEmpty()) {
            return Stream.of(labels.getFirst(), labels.getLast()).distinct().toList();
        }
        return type.endsWith("[]") ? arrays(of(element(type), labels)) : scalars(new Column("", type));
    }

    private static String element(String type) {
        String element = type;
        while (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2);
        }
        return element;
    }

    private static List<String> scalars(Column column) {
        Limits limits = Limits.of(column.type());
        return switch (column.plainType()) {
            case "smallint" -> List.of("1", "0", "-32768", "32767");
            case "integer" -> List.of("1", "0", "-2147483648", "2147483647");
            case "bigint" -> List.of("1", "0", "-9223372036854775808", "9223372036854775807");
            case "numeric" -> numerics(limits);
            case "real" -> List.of("1.5", "0", "-0", "3.4e+38", "NaN", "Infinity", "-Infinity");
            case "double precision" -> List.of("1.5", "0", "-0", "1.7e+308", "0.1", "NaN", "Infinity", "-Infinity");
            case "boolean" -> List.of("true", "false");
            case "text", "character varying", "name" -> texts(limits.isNone() ? LONG : limits.first());
            case "character", "bpchar" -> texts(limits.isNone() ? 1 : limits.first());
            case "bit" -> List.of("1".repeat(limits.isNone() ? 1 : limits.first()));
            case "bit varying" -> List.of("101", "", "1".repeat(limits.isNone() ? 64 : limits.first()));
            case "date" -> List.of("2024-02-29", "0001-01-01", "0044-03-15 BC", "9999-12-31", "infinity", "-infinity");
            case "timestamp without time zone", "timestamp with time zone" ->
                List.of(
                        "2024-02-29 23:59:59.999999",
                        "0001-01-01 00:00:00",
                        "0044-03-15 12:00:00 BC",
                        "9999-12-31 23:59:59.999999",
                        "infinity",
                        "-infinity");
            case "time without time zone" -> List.of("12:30:00.000001", "00:00", "24:00");
            case "time with time zone" -> List.of("12:30:00.000001+02", "24:00+00");
            case "interval" -> List.of("1 day 02:30:00", "-1 mons +1 days", "00:00:00.000001");
            case "uuid" -> List.of("0f0e0d0c-0b0a-4908-8706-050403020100", "ffffffff-ffff-ffff-ffff-ffffffffffff");
            case "bytea" -> List.of("\\x00ff27", "\\x", "\\x" + "5c".repeat(LONG));
            case "json", "jsonb" -> List.of("{\"b\": 1, \"a\": [null, 2.50]}", "{}", "null");
            case "inet" -> List.of("192.0.2.1", "2001:db8::1/64");
            case "cidr" -> List.of("192.0.2.0/24", "2001:db8::/32");
            case "macaddr" -> List.of("08:00:2b:01:02:03");
            case "money" -> List.of("1.50", "-0.01");
            case "xml" -> List.of("<a/>");
            case "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange" -> List.of("(,)", "empty");
            default -> column.isCitext() ? texts(LONG) : List.of();
        };
    }

    private static List<String> numerics(Limits limits) {
        if (limits.isNone()) {
            return List.of("1.5", "0", "1.500", "-12345678901234567890.123456789", "1e-20", "NaN", "Infinity");
        }
        int scale = Math.max(0, Math.min(limits.second(), limits.first()));
        String nines = "9".repeat(limits.first() - scale) + (scale == 0 ? "" : "." + "9".repeat(scale));
        String largest = nines.startsWith(".") ? "0" + nines : nines;
        return List.of("0", largest, "-" + largest, "NaN");
    }

    private static List<String> texts(int length) {
        int longest = Math.min(length, LONG);
        StringBuilder unicode = new StringBuilder();
        for (int i = 0; i < Math.min(longest, 2 * LETTERS.size()); i++) {
            unicode.append(LETTERS.get(i % LETTERS.size()));
        }
        String blanks = longest < 3 ? " " : "a  ";
        return Stream.of(
                        "a",
                        "",
                        blanks,
                        unicode.toString(),
                        "Ab9 ".repeat(longest).substring(0, longest))
                .distinct()
                .toList();
    }

    private static List<String> arrays(List<String> elements) {
        List<String> arrays = new ArrayList<>(List.of("{}", "{NULL}"));
        elements.forEach(element -> arrays.add(
                "{\"%s\",NULL}".formatted(element.replace("\\", "\\\\").replace("\"", "\\\""))));
        return elements.isEmpty() ? List.of() : arrays;
    }

    /** Returns a value that hardly any row has, null if the type has none. */
    static @Nullable String fresh(String type) {
        Column column = new Column("", type);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Limits limits = Limits.of(type);
        return switch (column.plainType()) {
            case "smallint" -> Integer.toString(random.nextInt(16_000, 32_767));
            case "integer" -> Integer.toString(random.nextInt(1_900_000_000, 2_147_000_000));
            case "bigint" -> Long.toString(random.nextLong(4_000_000_000_000_000_000L, 9_000_000_000_000_000_000L));
            case "numeric" -> freshNumeric(limits, random);
            case "uuid" -> UUID.randomUUID().toString();
            case "text", "character varying", "name", "citext" ->
                letters(limits.isNone() ? 24 : limits.first(), random);
            case "character", "bpchar" -> letters(limits.isNone() ? 1 : limits.first(), random);
            case "bytea" -> "\\x" + UUID.randomUUID().toString().replace("-", "");
            case "date" ->
                String.format(
                        Locale.ROOT,
                        "%s-%02d-%02d",
                        random.nextInt(3000, 9000),
                        random.nextInt(1, 13),
                        random.nextInt(1, 29));
            case "timestamp without time zone", "timestamp with time zone" ->
                String.format(
                        Locale.ROOT,
                        "%s-%02d-%02d 12:%02d:%02d",
                        random.nextInt(3000, 9000),
                        random.nextInt(1, 13),
                        random.nextInt(1, 29),
                        random.nextInt(60),
                        random.nextInt(60));
            default -> column.isCitext() ? letters(24, random) : null;
        };
    }

    private static String freshNumeric(Limits limits, ThreadLocalRandom random) {
        int digits = limits.isNone() ? 15 : Math.max(1, Math.min(15, limits.first() - Math.max(0, limits.second())));
        long above = Math.round(Math.pow(10, digits));
        return Long.toString(random.nextLong(above / 2, above));
    }

    private static String letters(int length, ThreadLocalRandom random) {
        StringBuilder letters = new StringBuilder();
        while (letters.length() < Math.min(length, 24)) {
            letters.append(Integer.toString(random.nextInt(36), 36).toLowerCase(Locale.ROOT));
        }
        return letters.toString();
    }
}
