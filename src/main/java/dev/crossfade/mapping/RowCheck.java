package dev.crossfade.mapping;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.length;
import static org.jooq.impl.DSL.select;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.LiveTable.LiveColumn;
import dev.crossfade.mapping.Probe.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;

/** Evaluates the expressions of one direction over rows that are there. Only hashes and counts leave the server. */
final class RowCheck {

    /**
     * Three sessions that agree on as little as possible: between them, every moment of the day has another date
     * somewhere.
     */
    private static final List<String> SETTINGS = List.of("""
            set local TimeZone = 'UTC'; set local DateStyle = 'ISO, MDY'; set local IntervalStyle = 'postgres';
            set local bytea_output = 'hex'; set local extra_float_digits = 1;
            """, """
            set local TimeZone = 'Pacific/Kiritimati'; set local DateStyle = 'SQL, DMY';
            set local IntervalStyle = 'iso_8601'; set local bytea_output = 'escape'; set local extra_float_digits = 0;
            """, """
            set local TimeZone = 'Etc/GMT+12'; set local DateStyle = 'German'; set local IntervalStyle = 'sql_standard';
            set local bytea_output = 'hex'; set local extra_float_digits = 1;
            """);

    /** In the same round trip: the driver gives a connection up whose server reports a date style other than ISO. */
    private static final String RESET = "; set local DateStyle = 'ISO, MDY'";

    private static final String UNDEFINED_FUNCTION = "42883";
    private static final Pattern LENGTH = Pattern.compile("character(?: varying)?\\((\\d+)\\)");

    private final SourceRow row;
    private final Probe probe;

    RowCheck(SourceRow row, Probe probe) {
        this.row = row;
        this.probe = probe;
    }

    /** One row's value of an expression. */
    private record Evaluated(@Nullable String hash, boolean isNull, int length) {}

    /** Returns what is wrong with the values of one expression, which the server accepts. */
    List<Finding> findings(Derived derived) {
        LiveMapping live = row.live();
        String path = live.path(
                LiveMapping.section(row.side().opposite()), derived.column().name());
        Answer<List<Evaluated>> first = evaluate(derived, SETTINGS.getFirst());
        if (first instanceof Answer.Refusal<List<Evaluated>> refusal) {
            return switch (refusal.sqlState()) {
                case UNDEFINED_FUNCTION -> List.of(); // the type has no binary form; nothing can be said
                case Probe.TOOK_TOO_LONG ->
                    List.of(tooSlow(path, "The expression over the first %d rows".formatted(SourceRow.SAMPLE)));
                default ->
                    List.of(Finding.error(
                            path,
                            "The expression fails for one or more of the first %d rows of %s: %s."
                                    .formatted(SourceRow.SAMPLE, row.relation(), withoutValues(refusal)),
                            "Let it give a value for every row that there is, or correct the rows."));
            };
        }
        List<Evaluated> values = value(first);
        List<Finding> findings = new ArrayList<>(storable(path, derived, values));
        for (String settings : SETTINGS.subList(1, SETTINGS.size())) {
            Answer<List<Evaluated>> other = evaluate(derived, settings);
            boolean same = other instanceof Answer.Value<List<Evaluated>>(List<Evaluated> others)
                    && sameHashes(values, others);
            if (!same) {
                findings.add(Finding.error(
                        path,
                        "The value depends on the session's settings (TimeZone, DateStyle, IntervalStyle and the like): it is not the same in two sessions for the same row.",
                        "Say it in the expression: … AT TIME ZONE 'UTC', to_char(…, 'YYYY-MM-DD'), encode(…, 'hex')."));
                break;
            }
        }
        return findings;
    }

    /** Returns the finding that a check was given up. */
    static Finding tooSlow(String path, String what) {
        return Finding.warning(
                path,
                what + " took longer than 10 s and was not checked.",
                "Make it cheaper, for instance by an index.");
    }

    /** Returns a refusal's message without what it may quote of a row. */
    static String withoutValues(Answer.Refusal<?> refusal) {
        boolean dataException = refusal.sqlState().startsWith("22");
        String message = refusal.message();
        int quote = message.indexOf('"');
        String safe = quote < 0 ? message : message.substring(0, quote).replaceAll("[:\\s]+$", "");
        return dataException && !safe.isEmpty()
                ? "%s [SQLSTATE %s]".formatted(safe, refusal.sqlState())
                : "SQLSTATE %s".formatted(refusal.sqlState());
    }

    private List<Finding> storable(String path, Derived derived, List<Evaluated> values) {
        Optional<LiveColumn> column = row.live()
                .table(row.side().opposite())
                .flatMap(table -> table.column(derived.column().name()));
        List<Finding> findings = new ArrayList<>();
        long nulls = values.stream().filter(Evaluated::isNull).count();
        if (nulls > 0 && column.map(LiveColumn::notNull).orElse(false)) {
            findings.add(Finding.warning(
                    path,
                    "The value is null for %d of the first %d rows of %s, but the column '%s' is NOT NULL: those rows cannot be mirrored."
                            .formatted(
                                    nulls,
                                    values.size(),
                                    row.relation(),
                                    derived.column().name()),
                    "Use coalesce(…), drop the NOT NULL, or correct the rows."));
        }
        int limit = limit(derived.column());
        long tooLong = values.stream().filter(one -> one.length > limit).count();
        if (tooLong > 0) {
            findings.add(Finding.warning(
                    path,
                    "The value is longer than %d characters for %d of the first %d rows of %s: those rows cannot be mirrored."
                            .formatted(limit, tooLong, values.size(), row.relation()),
                    "Widen the column '%s', or shorten the value in the expression."
                            .formatted(derived.column().name())));
        }
        return findings;
    }

    private static int limit(Column column) {
        Matcher matcher = LENGTH.matcher(column.type());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }

    private Answer<List<Evaluated>> evaluate(Derived derived, String settings) {
        Field<Object> value = derived.value();
        Field<?> length = limit(derived.column()) == Integer.MAX_VALUE ? inline(0) : length(Column.text(value));
        // the binary form is the value itself; the text would differ by the settings
        Select<?> select = select(field("md5(record_send(row({0})))", value), field(value.isNull()), length)
                .from(row.sample())
                .orderBy(row.key());
        TextStatement statement =
                new TextStatement(settings + Databases.renderer().render(select) + RESET);
        return probe.ask(dsl -> dsl.connectionResult(connection -> statement.query(connection, RowCheck::evaluated)));
    }

    private static Evaluated evaluated(ResultSet found) throws SQLException {
        return new Evaluated(found.getString(1), found.getBoolean(2), found.getInt(3));
    }

    private static boolean sameHashes(List<Evaluated> one, List<Evaluated> other) {
        return one.size() == other.size()
                && IntStream.range(0, one.size()).allMatch(i -> Objects.equals(one.get(i).hash, other.get(i).hash));
    }

    private static List<Evaluated> value(Answer<List<Evaluated>> answer) {
        return answer instanceof Answer.Value<List<Evaluated>>(List<Evaluated> values) ? values : List.of();
    }
}
