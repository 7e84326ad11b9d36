package dev.crossfade.verify;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Pairs of column types, with values that are saved in the one and mirrored into the other. */
@SuppressWarnings("ImmutableEnumChecker") // jqwik's arbitraries are immutable, but not annotated as such
enum StoredValues {
    TEXT("text", "text", text(8)),
    LENGTH("text", "character varying(5)", blanked()),
    PADDED("text", "character(5)", blanked()),
    UNPADDED("character(5)", "text", blanked()),
    DOMAIN("character varying(12)", "public.short", blanked()),
    DOMAIN_OF_DOMAIN("public.short", "public.shorter", blanked()),
    ELEMENTS("text[]", "character varying(5)[]", array(blanked())),
    PADDED_ELEMENTS("text[]", "character(5)[]", array(blanked())),
    DOMAIN_ELEMENTS("text[]", "public.short[]", array(blanked())),
    DOMAIN_OF_ARRAY("text[]", "public.shorts", array(blanked())),
    BITS("bit(8)", "bit(8)", bits(8)),
    SOME_BITS("bit varying(12)", "bit(8)", bits(6)),
    FEW_BITS("bit varying(12)", "bit varying(8)", bits(6)),
    DOMAIN_OF_BITS("bit varying(12)", "public.mask", bits(7)),
    BIT_ELEMENTS("bit(8)[]", "bit(8)[]", array(bits(8))),
    NUMBER("numeric", "numeric", number()),
    SCALE("numeric", "numeric(8,2)", number()),
    SCALED_ELEMENTS("numeric[]", "numeric(8,2)[]", array(number())),
    SCALED_DOMAIN("numeric", "public.price", number()),
    SINGLE("double precision", "real", floats()),
    DOUBLE("double precision", "double precision", floats()),
    ROUNDED("timestamp with time zone", "timestamp(2) with time zone", moments()),
    WHOLE_SECONDS("timestamp without time zone", "timestamp(0) without time zone", moments()),
    DAYS("date", "public.day", moments()),
    SPANS("interval", "interval(0)", spans()),
    CLOCK("time without time zone", "time(1) without time zone", clock()),
    BYTES("bytea", "bytea", bits(6).map(bits -> "\\x" + bits + (bits.length() % 2 == 0 ? "" : "f"))),
    JSON("jsonb", "json", text(5).map(text -> "{\"a\": [1.50, null, \"" + text.replaceAll("[\"\\\\]", "") + "\"]}")),
    RANGE("tstzrange", "tstzrange", moments().map(moment -> "[\"" + moment + "\",infinity]")),
    COMPOSITE(
            "public.place",
            "public.place",
            blanked().map(text -> "(\"" + text.strip().replaceAll(".{4}$", "") + "\",1.234)"));

    /** What a database needs for the types. */
    static final List<String> DDL = List.of(
            "create domain public.short as varchar(5)",
            "create domain public.shorter as public.short check (value <> 'zzz')",
            "create domain public.shorts as varchar(5)[]",
            "create domain public.mask as bit(8)",
            "create domain public.price as numeric(8,2)",
            "create domain public.day as date",
            "create type public.place as (shelf char(9), weight numeric(6,2))");

    private final String from;
    private final String into;
    private final Arbitrary<String> texts;

    StoredValues(String from, String into, Arbitrary<String> texts) {
        this.from = from;
        this.into = into;
        this.texts = texts;
    }

    /** The type of the authoritative column. */
    String from() {
        return from;
    }

    /** The type of the mirror's column. */
    String into() {
        return into;
    }

    Arbitrary<String> texts() {
        return texts;
    }

    String entity() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    String table() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Arbitrary<String> text(int most) {
        return Arbitraries.strings()
                .withChars('a', 'Z', '9', ' ', '\'', '"', '\\', ',', '{', '(', '\u00e4', '\u6f22')
                .ofMaxLength(most);
    }

    private static Arbitrary<String> blanked() {
        return Combinators.combine(
                        Arbitraries.strings().withChars('a', 'z', '\u00e4', ' ').ofMaxLength(6),
                        Arbitraries.integers().between(0, 4))
                .as((text, blanks) -> text + " ".repeat(blanks));
    }

    private static Arbitrary<String> bits(int least) {
        return Arbitraries.strings().withChars('0', '1').ofMinLength(least).ofMaxLength(9);
    }

    private static Arbitrary<String> number() {
        return Arbitraries.oneOf(
                Arbitraries.integers()
                        .between(-99_999, 99_999)
                        .map(n -> new BigDecimal(n).movePointLeft(3).toPlainString()),
                Arbitraries.of("NaN", "1.50", "1.500", "-0.00"));
    }

    private static Arbitrary<String> floats() {
        return Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e30, 1e30).map(String::valueOf),
                Arbitraries.of("NaN", "Infinity", "-Infinity", "-0", "0.1", "1e-30"));
    }

    private static Arbitrary<String> moments() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "infinity", "-infinity", "0044-03-15 10:00:00.987654+00 BC", "9999-12-31 23:59:59.999999+00"),
                Combinators.combine(
                                Arbitraries.integers().between(1, 28),
                                Arbitraries.integers().between(0, 999_999))
                        .as((day, micros) -> "2024-02-%02d 23:59:59.%06d+00".formatted(day, micros)));
    }

    private static Arbitrary<String> spans() {
        return Combinators.combine(
                        Arbitraries.integers().between(-40, 40),
                        Arbitraries.integers().between(-40, 40),
                        Arbitraries.integers().between(-9_999_999, 9_999_999))
                .as((months, days, micros) -> "%d mons %d days %d microseconds".formatted(months, days, micros));
    }

    private static Arbitrary<String> clock() {
        return Arbitraries.oneOf(
                Arbitraries.of("24:00:00", "23:59:59.96"),
                Arbitraries.integers().between(0, 999_999).map("10:00:00.%06d"::formatted));
    }

    private static Arbitrary<String> array(Arbitrary<String> elements) {
        return elements.map(one -> '"' + one + '"')
                .injectNull(0.1)
                .list()
                .ofMaxSize(3)
                .map(list -> String.join(
                        ",",
                        list.stream().map(one -> one == null ? "NULL" : one).toList()))
                .map(list -> "{" + list + "}");
    }
}
