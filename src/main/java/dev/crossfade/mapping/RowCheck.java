package dev.crossfade.mapping;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.length;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.orderBy;
import static org.jooq.impl.DSL.rowNumber;
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
import org.jooq.Condition;
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

    /** The server's own messages about values quote them at the end, or after a colon. */
    private static final Pattern UNTIL_VALUE = Pattern.compile("[^:\"'«»„“‘’]+");

    private static final String UNDEFINED_FUNCTION = "42883";
    private static final String PLACE = "crossfade_place";
    private static final Pattern LENGTH = Pattern.compile("character(?: varying)?\\((\\d+)\\)");

    private final SourceRow row;
    private final Probe probe;

    RowCheck(SourceRow row, Probe probe) {
        this.row = row;
        this.probe = probe;
    }

    /** What the values of an expression are like over the sample. */
    private record Values(long rows, @Nullable String hash, long nulls, long tooLong) {}

    /** Returns what is wrong with the values of expressions that the server accepts. */
    List<Finding> findings(List<Derived> derived) {
        if (derived.isEmpty()) {
            return List.of();
        }
        List<List<Values>> bySettings = new ArrayList<>();
        for (String settings : SETTINGS) {
            switch (evaluate(derived, settings)) {
                case Answer.Value<List<Values>>(List<Values> values) -> bySettings.add(values);
                case Answer.Refusal<List<Values>> refusal -> {
                    // one of them is to blame: ask about each alone
                    return derived.size() > 1
                            ? derived.stream()
                                    .flatMap(one -> findings(List.of(one)).stream())
                                    .toList()
                            : refused(derived.getFirst(), bySettings.isEmpty(), refusal).stream()
                                    .toList();
                }
            }
        }
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < derived.size(); i++) {
            int place = i;
            Derived one = derived.get(i);
            findings.addAll(storable(one, bySettings.getFirst().get(i)));
            if (bySettings.stream()
                            .map(values -> Objects.toString(values.get(place).hash))
                            .distinct()
                            .count()
                    > 1) {
                findings.add(dependsOnSettings(one));
            }
        }
        return findings;
    }

    private Optional<Finding> refused(Derived derived, boolean first, Answer.Refusal<?> refusal) {
        if (refusal.sqlState().equals(Probe.TOOK_TOO_LONG)) {
            return Optional.of(tooSlow(path(derived), "The expression over the %s rows".formatted(SourceRow.SAMPLE)));
        }
        if (!first) {
            return Optional.of(dependsOnSettings(derived));
        }
        if (refusal.sqlState().equals(UNDEFINED_FUNCTION) && hasTextAlone(derived)) {
            return Optional.empty();
        }
        return Optional.of(Finding.error(
                path(derived),
                "The expression fails for one or more of the %s rows of %s: %s."
                        .formatted(SourceRow.SAMPLE, row.relation(), withoutValues(refusal)),
                "Let it give a value for every row that there is, or correct the rows."));
    }

    /** Tells whether the expression itself is fine, and only its type has no binary form. */
    private boolean hasTextAlone(Derived derived) {
        Select<?> texts = select(count(Column.text(derived.value()))).from(row.sample());
        return probe.ask(dsl -> dsl.fetch(texts).size()) instanceof Answer.Value<?>;
    }

    private Finding dependsOnSettings(Derived derived) {
        return Finding.error(
                path(derived),
                "The value depends on the session's settings (TimeZone, DateStyle, IntervalStyle and the like): it is not the same in two sessions for the same row.",
                "Say it in the expression: … AT TIME ZONE 'UTC', to_char(…, 'YYYY-MM-DD'), encode(…, 'hex').");
    }

    private String path(Derived derived) {
        return row.live()
                .path(
                        LiveMapping.section(row.side().opposite()),
                        derived.column().name());
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
        Matcher beginning = UNTIL_VALUE.matcher(refusal.message());
        return dataException && beginning.lookingAt()
                ? "%s [SQLSTATE %s]".formatted(beginning.group().strip(), refusal.sqlState())
                : "SQLSTATE %s".formatted(refusal.sqlState());
    }

    private List<Finding> storable(Derived derived, Values values) {
        Column column = derived.column();
        boolean notNull = row.live()
                .table(row.side().opposite())
                .flatMap(table -> table.column(column.name()))
                .map(LiveColumn::notNull)
                .orElse(false);
        List<Finding> findings = new ArrayList<>();
        if (values.nulls > 0 && notNull) {
            findings.add(Finding.warning(
                    path(derived),
                    "The value is null for %d of the first %d rows of %s, but the column '%s' is NOT NULL: those rows cannot be mirrored."
                            .formatted(values.nulls, values.rows, row.relation(), column.name()),
                    "Use coalesce(…), drop the NOT NULL, or correct the rows."));
        }
        if (values.tooLong > 0) {
            findings.add(Finding.warning(
                    path(derived),
                    "The value is too long for the column '%s' (%s) for %d of the first %d rows of %s: those rows cannot be mirrored."
                            .formatted(column.name(), column.type(), values.tooLong, values.rows, row.relation()),
                    "Widen the column, or shorten the value in the expression."));
        }
        return findings;
    }

    private Answer<List<Values>> evaluate(List<Derived> derived, String settings) {
        List<Field<?>> values = new ArrayList<>();
        List<Field<?>> aggregates = new ArrayList<>();
        // a window function keeps the server from evaluating an expression once for each use of its value
        values.add(rowNumber().over(orderBy(row.key())).as(name(PLACE)));
        aggregates.add(count());
        for (int i = 0; i < derived.size(); i++) {
            Field<Object> value = field(name("value_" + i));
            values.add(derived.get(i).value().as(value));
            aggregates.add(hash(value));
            aggregates.add(count().filterWhere(value.isNull()));
            aggregates.add(count().filterWhere(tooLong(derived.get(i).column(), value)));
        }
        Select<?> select =
                select(aggregates).from(select(values).from(row.sample()).asTable(name("crossfade_values")));
        TextStatement statement =
                new TextStatement(settings + Databases.renderer().render(select) + RESET);
        return probe.ask(dsl -> dsl.connectionResult(connection -> statement
                .query(connection, found -> values(found, derived.size()))
                .getFirst()));
    }

    /** The binary form is the value itself, where the text would differ by the settings; few types have none. */
    private static Field<?> hash(Field<Object> value) {
        return field("md5(string_agg(md5(record_send(row({0}))), '' order by {1}))", value, field(name(PLACE)));
    }

    private static Condition tooLong(Column column, Field<Object> value) {
        Matcher limit = LENGTH.matcher(column.base());
        return limit.matches()
                ? length(Column.text(value)).gt(inline(Integer.parseInt(limit.group(1))))
                : falseCondition();
    }

    private static List<Values> values(ResultSet found, int expressions) throws SQLException {
        List<Values> values = new ArrayList<>();
        for (int i = 0; i < expressions; i++) {
            int from = 2 + 3 * i;
            values.add(new Values(
                    found.getLong(1), found.getString(from), found.getLong(from + 1), found.getLong(from + 2)));
        }
        return values;
    }
}
