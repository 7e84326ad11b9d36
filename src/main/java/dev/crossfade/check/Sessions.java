package dev.crossfade.check;

import dev.crossfade.check.Probe.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Session settings that differ as much as possible: a value that is the same under all of them depends on the row
 * alone. Their time zones are such that at any moment two of them have different dates. Each element is the
 * statements that set it, to be followed by a query and {@link #RESET}.
 *
 * @param settings the statements of each session
 */
record Sessions(List<String> settings) {

    /** Sent in the same round trip: the driver closes a connection whose server reports a date style other than ISO. */
    static final String RESET = "; set local DateStyle = 'ISO, MDY'";

    private static final List<String> KNOWN_TO_ALL = List.of("""
            set local TimeZone = 'UTC'; set local DateStyle = 'ISO, MDY'; set local IntervalStyle = 'postgres';
            set local bytea_output = 'hex'; set local extra_float_digits = 1;
            """, """
            set local TimeZone = 'Pacific/Kiritimati'; set local DateStyle = 'SQL, DMY';
            set local IntervalStyle = 'iso_8601'; set local bytea_output = 'escape'; set local extra_float_digits = 0;
            """, """
            set local TimeZone = 'Etc/GMT+12'; set local DateStyle = 'German'; set local IntervalStyle = 'sql_standard';
            set local bytea_output = 'hex'; set local extra_float_digits = 1;
            """);

    /** Settings of each session that a server may lack, or may lack this value of. */
    private static final List<List<String>> WHERE_KNOWN = List.of(
            List.of(
                    "default_text_search_config = 'pg_catalog.simple'",
                    "xmloption = content",
                    "xmlbinary = base64",
                    "array_nulls = on",
                    "transform_null_equals = off",
                    "quote_all_identifiers = off",
                    "timezone_abbreviations = 'Default'"),
            List.of(
                    "default_text_search_config = 'pg_catalog.english'",
                    "xmloption = document",
                    "xmlbinary = hex",
                    "array_nulls = off",
                    "transform_null_equals = on",
                    "quote_all_identifiers = on",
                    "timezone_abbreviations = 'Australia'"),
            List.of("default_text_search_config = 'pg_catalog.german'", "timezone_abbreviations = 'India'"));

    private static final List<String> OF_LOCALES = List.of("lc_monetary", "lc_numeric", "lc_time");

    /** Locales of the operating system, ordered by how much their money, numbers and months differ from C's. */
    private static final String LOCALES = """
            select distinct collcollate, collcollate !~ '^(de|fr|es|it|pt|ru|pl|nl)' as plain from pg_catalog.pg_collation
            where collprovider = 'c' and collcollate <> '' and collcollate !~* '^(C|POSIX)($|[.])'
              and (collencoding = -1 or pg_encoding_to_char(collencoding) = current_setting('server_encoding'))
            order by plain, collcollate limit 2
            """;

    /** Returns the sessions that a server can have. */
    static Sessions of(Probe probe) {
        List<String> locales = new ArrayList<>(List.of("C"));
        locales.addAll(probe.require(dsl -> dsl.fetch(LOCALES).map(row -> row.get(0, String.class))));
        return new Sessions(IntStream.range(0, KNOWN_TO_ALL.size())
                .mapToObj(i -> {
                    StringBuilder statements = new StringBuilder(KNOWN_TO_ALL.get(i));
                    WHERE_KNOWN.get(i).stream()
                            .map("set local %s;\n"::formatted)
                            .filter(statement -> isKnown(probe, statement))
                            .forEach(statements::append);
                    String locale = locales.get(Math.min(i, locales.size() - 1));
                    OF_LOCALES.stream()
                            .map(setting -> "set local %s = '%s';%n".formatted(setting, locale.replace("'", "''")))
                            .filter(statement -> isKnown(probe, statement))
                            .forEach(statements::append);
                    return statements.toString();
                })
                .toList());
    }

    private static boolean isKnown(Probe probe, String statement) {
        return probe.ask(dsl -> dsl.execute(statement)) instanceof Answer.Value<?>;
    }
}
