package dev.crossfade.mapping;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Texts of values of every type that may be a key; every session reads them alike. */
final class KeyValues {

    /** What a database needs for the types. */
    static final List<String> DDL = List.of(
            "create extension citext schema public",
            "create domain public.day as date",
            "create domain public.moment as timestamptz",
            "create domain public.amount as numeric",
            "create domain public.price as numeric(8,2)",
            "create domain public.code as char(5)",
            "create domain public.tag as public.citext",
            "create domain public.stay as tstzrange",
            "create type public.mood as enum ('sad', 'GLAD', 'a b')",
            "create type public.place as (aisle integer, shelf text, code char(3), lot uuid)");

    private static final String LETTERS = "aAbBzZ09 '\"\\{}(),;[]-_/%.\t\n\u00e4\u00df\u00a0\u6f22\ud83d\ude00";
    private static final String SPECIAL_DATES = "infinity";

    private KeyValues() {}

    /** Returns texts by type. */
    static Map<String, Arbitrary<String>> all() {
        Map<String, Arbitrary<String>> all = new TreeMap<>(Map.of(
                "smallint", Arbitraries.shorts().map(String::valueOf),
                "integer", Arbitraries.integers().map(String::valueOf),
                "bigint", Arbitraries.longs().map(String::valueOf),
                "boolean", Arbitraries.of("true", "false"),
                "oid", Arbitraries.longs().between(0, 4_294_967_295L).map(String::valueOf),
                "numeric",
                        Arbitraries.oneOf(number(30), Arbitraries.of("NaN", "Infinity", "-Infinity", "0.000", "-0.0")),
                "numeric(8,2)",
                        Arbitraries.integers().between(-99_999_999, 99_999_999).map(KeyValues::cents),
                "uuid", uuid(),
                "text", text(12),
                "bytea", bytes()));
        all.putAll(Map.of(
                "character varying(6)", text(6),
                "character(6)", blanked(6),
                "bpchar", blanked(9),
                "name", text(12),
                "public.citext", text(12),
                "bit(8)", bits(8, 8),
                "bit varying(8)", bits(0, 8),
                "public.mood", Arbitraries.of("sad", "GLAD", "a b"),
                "time without time zone", Arbitraries.oneOf(time(), Arbitraries.of("24:00:00")),
                "pg_lsn", Arbitraries.integers().between(0, 9_999).map(n -> n + "/" + n)));
        all.putAll(Map.of(
                "date", dates(),
                "timestamp without time zone", timestamps(""),
                "timestamp with time zone", moments(),
                "timestamp(2) with time zone", moments(),
                "public.day", dates(),
                "public.moment", moments(),
                "public.amount", number(6),
                "public.price", Arbitraries.integers().between(0, 99_999_999).map(KeyValues::cents),
                "public.code", blanked(5),
                "public.tag", text(12)));
        all.putAll(Map.of(
                "int4range", range(Arbitraries.integers().between(-40, 40).map(Integer::valueOf)),
                "int8range", range(Arbitraries.integers().between(-40, 40).map(Integer::valueOf)),
                "numrange",
                        range(Arbitraries.integers()
                                .between(-40, 40)
                                .map(n -> new java.math.BigDecimal(n).movePointLeft(1))),
                "daterange", range(days()),
                "tsrange", range(days()),
                "tstzrange", range(days().map(KeyValues::inZone)),
                "public.stay", range(days().map(KeyValues::inZone)),
                "int4multirange",
                        range(Arbitraries.integers().between(-40, 40).map(Integer::valueOf))
                                .map(one -> "{" + one + "}")));
        all.putAll(Map.of(
                "inet", address(32, true),
                "cidr", Arbitraries.bytes().map(n -> "10." + (n & 255) + ".0.0/16"),
                "macaddr", Arbitraries.bytes().list().ofSize(6).map(KeyValues::hexPairs),
                "macaddr8", Arbitraries.bytes().list().ofSize(8).map(KeyValues::hexPairs),
                "integer[]", array(Arbitraries.integers().map(String::valueOf)),
                "text[]", array(text(5)),
                "character(3)[]", array(blanked(3)),
                "uuid[]", array(uuid()),
                "numeric(8,2)[]", array(Arbitraries.integers().between(0, 9_999).map(KeyValues::cents)),
                "public.place", place()));
        return all;
    }

    private static Arbitrary<String> number(int scale) {
        return Combinators.combine(
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(40).negate(), BigInteger.TEN.pow(40)),
                        Arbitraries.integers().between(-5, scale))
                .as((digits, places) -> new java.math.BigDecimal(digits, places).toPlainString());
    }

    private static String cents(int cents) {
        return new java.math.BigDecimal(cents).movePointLeft(2).toPlainString();
    }

    private static Arbitrary<String> uuid() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((one, other) -> new java.util.UUID(one, other).toString());
    }

    private static Arbitrary<String> text(int most) {
        return Arbitraries.integers()
                .between(0, LETTERS.codePointCount(0, LETTERS.length()) - 1)
                .map(i -> Character.toString(LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, i))))
                .list()
                .ofMaxSize(most)
                .map(letters -> String.join("", letters));
    }

    private static Arbitrary<String> blanked(int most) {
        return Combinators.combine(text(most - 2), Arbitraries.integers().between(0, 2))
                .as((text, blanks) -> text + " ".repeat(blanks));
    }

    private static Arbitrary<String> bits(int least, int most) {
        return Arbitraries.strings().withChars('0', '1').ofMinLength(least).ofMaxLength(most);
    }

    private static Arbitrary<String> bytes() {
        return Arbitraries.bytes().list().ofMaxSize(12).map(bytes -> {
            StringBuilder hex = new StringBuilder("\\x");
            bytes.forEach(one -> hex.append("%02x".formatted(one & 255)));
            return hex.toString();
        });
    }

    private static Arbitrary<String> address(int bits, boolean host) {
        return Combinators.combine(Arbitraries.bytes(), Arbitraries.integers().between(8, bits))
                .as((n, mask) -> "10.1.2." + (n & 255) + (host ? "/" + mask : ""));
    }

    private static String hexPairs(List<Byte> bytes) {
        return String.join(
                ":", bytes.stream().map(one -> "%02x".formatted(one & 255)).toList());
    }

    /** From PostgreSQL's first day to its last, with the infinite ones, mostly near boundaries. */
    private static Arbitrary<String> dates() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        SPECIAL_DATES, "-infinity", "0044-03-15", "0044-03-15 BC", "0001-01-01 BC", "9999-12-31"),
                Arbitraries.integers().between(-1_000_000, 2_000_000).map(KeyValues::date),
                Arbitraries.integers().between(-2_440_000, 100_000_000).map(KeyValues::date));
    }

    private static Arbitrary<String> days() {
        return Arbitraries.oneOf(
                Arbitraries.of(SPECIAL_DATES, "-infinity", "0044-03-15 BC", "0044-03-15"),
                Arbitraries.integers().between(0, 30).map(KeyValues::date));
    }

    private static String inZone(String day) {
        return day.endsWith("infinity") ? day : day.replaceFirst("( BC)?$", " 10:00+05:45$1");
    }

    private static String date(long epochDay) {
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        int year = date.getYear();
        return "%04d-%02d-%02d%s"
                .formatted(
                        year > 0 ? year : 1 - year, date.getMonthValue(), date.getDayOfMonth(), year > 0 ? "" : " BC");
    }

    private static Arbitrary<String> time() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 86_399),
                        Arbitraries.integers().between(0, 999_999))
                .as((second, micros) ->
                        "%02d:%02d:%02d.%06d".formatted(second / 3600, second / 60 % 60, second % 60, micros));
    }

    private static Arbitrary<String> timestamps(String zone) {
        return Arbitraries.oneOf(
                Arbitraries.of(SPECIAL_DATES, "-infinity"),
                Combinators.combine(Arbitraries.integers().between(-2_000_000, 3_000_000), time())
                        .as((day, time) -> {
                            String date = date(day);
                            return date.endsWith(" BC")
                                    ? date.substring(0, date.length() - 3) + " " + time + zone + " BC"
                                    : date + " " + time + zone;
                        }));
    }

    private static Arbitrary<String> moments() {
        return Arbitraries.of("+00", "-11:30", "+14", "+05:45").flatMap(KeyValues::timestamps);
    }

    private static <T> Arbitrary<String> range(Arbitrary<T> bounds) {
        Arbitrary<String> quoted =
                bounds.map(bound -> "\"" + bound + "\"").injectNull(0.1).map(one -> one == null ? "" : one);
        Arbitrary<String> ordered = Combinators.combine(
                        quoted, quoted, Arbitraries.of("[", "("), Arbitraries.of("]", ")"))
                .as((lower, upper, open, close) -> open + lower + "," + upper + close);
        return Arbitraries.oneOf(ordered, Arbitraries.of("empty", "(,)"));
    }

    private static Arbitrary<String> array(Arbitrary<String> elements) {
        return Combinators.combine(
                        elements.map(KeyValues::quoted).injectNull(0.1).list().ofMaxSize(4),
                        Arbitraries.of("", "", "[0:%d]="))
                .as((list, bounds) -> {
                    List<String> texts = new ArrayList<>();
                    list.forEach(one -> texts.add(one == null ? "NULL" : one));
                    String prefix = texts.isEmpty() ? "" : bounds.formatted(texts.size() - 1);
                    return prefix + "{" + String.join(",", texts) + "}";
                });
    }

    private static Arbitrary<String> place() {
        return Combinators.combine(
                        Arbitraries.integers().map(String::valueOf).injectNull(0.1),
                        text(5).map(KeyValues::quoted).injectNull(0.1),
                        blanked(3).map(KeyValues::quoted),
                        uuid())
                .as((aisle, shelf, code, lot) -> "(" + (aisle == null ? "" : aisle) + "," + (shelf == null ? "" : shelf)
                        + "," + code + "," + lot + ")");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
