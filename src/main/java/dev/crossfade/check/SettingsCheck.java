package dev.crossfade.check;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.select;

import dev.crossfade.check.Evaluation.Values;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.Probe.Answer;
import dev.crossfade.mapping.Derived;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/**
 * Checks whether the value of an expression depends on the session's settings. Existing rows may not show it, or
 * there may be none yet, so it also evaluates generated rows.
 */
final class SettingsCheck {

    /** Texts whose reading or printing depends on settings. */
    private static final List<String> TEXTS = List.of("The cats are running", "1234.5", "<a>x</a><a/>", "{NULL,1}");

    /** Texts whose reading as a date depends on settings; existing rows may have an unambiguous form. */
    private static final List<String> DATES = List.of("01/02/2003", "2003-02-01 10:30", "2003-02-01 10:30 EST");

    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("smallint", "3"),
            Map.entry("integer", "3"),
            Map.entry("bigint", "3"),
            Map.entry("numeric", "1234.5"),
            Map.entry("real", "0.1"),
            Map.entry("double precision", "0.12345678901234567"),
            Map.entry("money", "1234.5"),
            Map.entry("boolean", "true"),
            Map.entry("date", "2003-02-01"),
            Map.entry("timestamp without time zone", "2003-02-01 23:30:15.5"),
            Map.entry("timestamp with time zone", "2003-02-01 23:30:15.5Z"),
            Map.entry("time without time zone", "23:30:15.5"),
            Map.entry("interval", "1 day 02:03:04"),
            Map.entry("bytea", "\\x00ff27"));

    private static final Set<String> OF_TEXT = Set.of("text", "character varying", "character");

    private final SourceRow row;
    private final Probe probe;
    private final Evaluation evaluation;

    SettingsCheck(SourceRow row, Probe probe) {
        this.row = row;
        this.probe = probe;
        this.evaluation = new Evaluation(row, probe);
    }

    /**
     * Returns the findings that the values over existing rows did not show.
     *
     * @param rows how many existing rows were examined
     */
    List<Finding> findings(List<Derived> derived, long rows) {
        List<Derived> written = derived.stream().filter(one -> !isPlain(one)).toList();
        if (written.isEmpty()) {
            return List.of();
        }
        Set<Derived> same = sameOverAll(written);
        return written.stream()
                .flatMap(one -> findings(one, rows, same.contains(one)).stream())
                .toList();
    }

    /**
     * Checks all at once, which is enough for most expressions; one that fails for a row, or differs, is then checked
     * alone.
     */
    private Set<Derived> sameOverAll(List<Derived> derived) {
        Table<Record> rows = Stream.concat(TEXTS.stream(), DATES.stream())
                .map(this::row)
                .reduce(Select::unionAll)
                .orElseThrow()
                .asTable(name(row.relation().table()));
        List<List<Values>> bySession = new ArrayList<>();
        for (String session : probe.sessions().settings()) {
            if (!(evaluation.of(derived, rows, session) instanceof Answer.Value<List<Values>>(List<Values> values))) {
                return Set.of();
            }
            bySession.add(values);
        }
        Set<Derived> same = new HashSet<>();
        for (int i = 0; i < derived.size(); i++) {
            int place = i;
            if (bySession.stream()
                            .map(values -> Objects.toString(values.get(place).hash()))
                            .distinct()
                            .count()
                    == 1) {
                same.add(derived.get(i));
            }
        }
        return same;
    }

    private List<Finding> findings(Derived derived, long rows, boolean same) {
        boolean readsMoney =
                !ExpressionText.mentioned(derived.expression(), moneyColumns()).isEmpty();
        if (ExpressionText.printsNamesOfMonths(derived.expression())
                || ExpressionText.printsNumbersOfACountry(derived.expression())
                || ExpressionText.castsTo(derived.expression(), "money")
                || derived.column().type().equals("money")
                || (readsMoney && !ExpressionText.castsTo(derived.expression(), "numeric"))) {
            return List.of(depends(derived));
        }
        if (readsMoney) {
            return List.of(
                    Finding.warning(
                            path(derived),
                            "How many of a money value's digits are fractions depends on the session's lc_monetary.",
                            "Make sure that every session has the same lc_monetary: ALTER DATABASE … SET lc_monetary, and no other one for a role."));
        }
        if (same) {
            return List.of();
        }
        if (TEXTS.stream().anyMatch(text -> differs(derived, text))) {
            return List.of(depends(derived));
        }
        if (DATES.stream().anyMatch(text -> differs(derived, text))) {
            return List.of(rows == 0 ? depends(derived) : mayDepend(derived));
        }
        return List.of();
    }

    private boolean isPlain(Derived derived) {
        return row.live().readable(row.side()).contains(derived.expression())
                || ExpressionText.isBareWord(derived.expression())
                || ExpressionText.isUntypedLiteral(derived.expression());
    }

    /** Conversions of money depend on lc_monetary; a plain copy of it does not. */
    private List<String> moneyColumns() {
        return row.live().table(row.side()).stream()
                .flatMap(table -> table.columns().stream())
                .filter(column -> column.column().type().equals("money"))
                .map(LiveColumn::name)
                .toList();
    }

    /** A refusal in every session is due to the value. */
    private boolean differs(Derived derived, String text) {
        Table<Record> rows = row(text).asTable(name(row.relation().table()));
        List<String> outcomes = new ArrayList<>();
        for (String session : probe.sessions().settings()) {
            switch (evaluation.of(List.of(derived), rows, session)) {
                case Answer.Value<List<Values>>(List<Values> values) ->
                    outcomes.add(Objects.toString(values.getFirst().hash()));
                case Answer.Refusal<List<Values>> refusal -> {
                    if (!Piecewise.isOfARow(refusal)) {
                        return false;
                    }
                    outcomes.add("");
                }
            }
        }
        return outcomes.stream().distinct().count() > 1;
    }

    private Select<Record> row(String text) {
        List<String> readable = row.live().readable(row.side());
        List<Field<?>> fields = row.live().table(row.side()).orElseThrow().columns().stream()
                .filter(column -> readable.contains(column.name()))
                .<Field<?>>map(column -> value(column, text).as(name(column.name())))
                .toList();
        return select(fields);
    }

    private static Field<Object> value(LiveColumn column, String text) {
        String type = column.column().plainType();
        String value = OF_TEXT.contains(type) ? text : VALUES.get(type);
        return field("cast({0} as {1})", Object.class, value == null ? raw("null") : inline(value), raw(column.type()));
    }

    /** Returns the finding that a value depends on the settings. */
    Finding depends(Derived derived) {
        return Finding.error(
                path(derived),
                "The value depends on the session's settings (TimeZone, DateStyle, IntervalStyle, default_text_search_config, lc_monetary, lc_numeric, lc_time, xmloption and the like): it is not the same in two sessions for the same row.",
                "Say it in the expression: … AT TIME ZONE 'UTC', to_char(…, 'YYYY-MM-DD'), to_date(…, 'YYYY-MM-DD'), encode(…, 'hex'), to_tsvector('pg_catalog.english', …); numeric instead of money; a point and a comma instead of D and G in patterns of numbers.");
    }

    private Finding mayDepend(Derived derived) {
        return Finding.warning(
                path(derived),
                "The value would depend on the session's settings (DateStyle, TimeZone and the like) for rows unlike those that there are.",
                "Say it in the expression: to_date(…, 'YYYY-MM-DD'), to_timestamp(…), … AT TIME ZONE 'UTC'; or make sure by a constraint that there are no such rows.");
    }

    private String path(Derived derived) {
        return row.live().path(row.side().opposite(), derived);
    }
}
