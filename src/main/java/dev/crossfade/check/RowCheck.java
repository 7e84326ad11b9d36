package dev.crossfade.check;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.select;

import dev.crossfade.check.Evaluation.Values;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.Probe.Answer;
import dev.crossfade.check.SourceRow.Sample;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Select;

/** Evaluates the expressions of one direction over existing rows. */
final class RowCheck {

    /** The server's own messages about values quote them at the end, or after a colon. */
    private static final Pattern UNTIL_VALUE = Pattern.compile("[^:\"'«»„“‘’]+");

    private final SourceRow row;
    private final Probe probe;
    private final Evaluation evaluation;
    private final SettingsCheck settingsCheck;

    RowCheck(SourceRow row, Probe probe) {
        this.row = row;
        this.probe = probe;
        this.evaluation = new Evaluation(row, probe);
        this.settingsCheck = new SettingsCheck(row, probe);
    }

    /** Returns the findings about the values of expressions that the server accepts. */
    List<Finding> findings(List<Derived> derived) {
        if (derived.isEmpty()) {
            return List.of();
        }
        List<List<Values>> bySettings = new ArrayList<>();
        for (String settings : probe.sessions().settings()) {
            switch (evaluation.of(derived, row.sample(), settings)) {
                case Answer.Value<List<Values>>(List<Values> values) -> bySettings.add(values);
                case Answer.Refusal<List<Values>> refusal -> {
                    // one of them failed: check each alone
                    return derived.size() > 1
                            ? derived.stream()
                                    .flatMap(one -> findings(List.of(one)).stream())
                                    .toList()
                            : refused(derived.getFirst(), bySettings.isEmpty(), refusal);
                }
            }
        }
        List<Finding> findings = new ArrayList<>();
        List<Derived> undecided = new ArrayList<>();
        for (int i = 0; i < derived.size(); i++) {
            int place = i;
            Derived one = derived.get(i);
            Values values = bySettings.getFirst().get(i);
            findings.addAll(storable(one, values));
            boolean differ = bySettings.stream()
                            .map(inOneSession ->
                                    Objects.toString(inOneSession.get(place).hash()))
                            .distinct()
                            .count()
                    > 1;
            if (differ) {
                findings.add(settingsCheck.depends(one));
            } else {
                undecided.add(one);
            }
        }
        findings.addAll(settingsCheck.findings(
                undecided, bySettings.getFirst().getFirst().rows()));
        return findings;
    }

    private List<Finding> refused(Derived derived, boolean first, Answer.Refusal<?> refusal) {
        if (refusal.sqlState().equals(SqlState.QUERY_CANCELED)) {
            return List.of(tooSlow(path(derived), "The expression over the %s rows".formatted(SourceRow.SAMPLE)));
        }
        if (!first) {
            return List.of(settingsCheck.depends(derived));
        }
        if (refusal.sqlState().equals(SqlState.UNDEFINED_FUNCTION) && hasTextAlone(derived)) {
            return List.of();
        }
        return Piecewise.isOfARow(refusal) ? piecewise(derived) : List.of(failsForAll(derived, refusal));
    }

    private Finding failsForAll(Derived derived, Answer.Refusal<?> refusal) {
        return Finding.error(
                path(derived),
                "The expression fails for every one of the %s rows of %s that was looked at: %s."
                        .formatted(SourceRow.SAMPLE, row.relation(), withoutValues(refusal)),
                "Let it give a value for every row that there is, or correct the rows.");
    }

    /** Some rows fail: each of them will be a missed write, which is no reason to stop other rows or entities. */
    private List<Finding> piecewise(Derived derived) {
        List<String> sessions = probe.sessions().settings();
        Piecewise<List<Values>> found = Piecewise.ask(
                SourceRow.SAMPLE,
                rows -> evaluate(derived, rows, sessions.getFirst()),
                values -> values.getFirst().rows());
        List<Finding> findings = new ArrayList<>();
        if (found.isOfEveryRow()) {
            // the expression is wrong, not the rows
            findings.add(failsForAll(derived, found.refused().getFirst().reason()));
        } else if (!found.refused().isEmpty()) {
            findings.add(
                    Finding.warning(
                            path(derived),
                            "The expression fails for %s%s of the %s rows of %s: %s. Those rows cannot be mirrored."
                                    .formatted(
                                            found.unknown() > 0 ? "at least " : "",
                                            found.refused().size(),
                                            SourceRow.SAMPLE,
                                            row.relation(),
                                            withoutValues(
                                                    found.refused().getFirst().reason())),
                            "Correct the rows, or let it give a value for every row that there is. Until then each of them is a missed write."));
        }
        boolean depends = found.answers().stream()
                        .anyMatch(part -> otherSessions()
                                .anyMatch(session -> !sameHash(part.answer(), evaluate(derived, part.rows(), session))))
                || found.refused().stream()
                        .anyMatch(one -> otherSessions()
                                .anyMatch(session -> evaluate(derived, one.row(), session) instanceof Answer.Value<?>));
        Values values =
                found.answers().stream().map(part -> part.answer().getFirst()).reduce(Values.NONE, Values::and);
        findings.addAll(storable(derived, values));
        findings.addAll(
                depends
                        ? List.of(settingsCheck.depends(derived))
                        : settingsCheck.findings(
                                List.of(derived),
                                values.rows() + found.refused().size()));
        return findings;
    }

    private Stream<String> otherSessions() {
        return probe.sessions().settings().stream().skip(1);
    }

    private Answer<List<Values>> evaluate(Derived derived, Sample rows, String settings) {
        return evaluation.of(List.of(derived), row.sample(rows), settings);
    }

    private static boolean sameHash(List<Values> one, Answer<List<Values>> other) {
        return other instanceof Answer.Value<List<Values>>(List<Values> values)
                && Objects.equals(one.getFirst().hash(), values.getFirst().hash());
    }

    /** Tells whether the expression itself is fine, and only its type has no binary form. */
    private boolean hasTextAlone(Derived derived) {
        Select<?> texts = select(count(Column.text(derived.value()))).from(row.sample());
        return probe.ask(dsl -> dsl.fetch(texts).size()) instanceof Answer.Value<?>;
    }

    private String path(Derived derived) {
        return row.live().path(row.side().opposite(), derived);
    }

    /** Returns the finding that a check was abandoned. */
    static Finding tooSlow(String path, String what) {
        return Finding.warning(
                path,
                what + " took longer than 10 s and was not checked.",
                "Make it cheaper, for instance by an index.");
    }

    /** Returns a refusal's message without what it may quote of a row. */
    static String withoutValues(Answer.Refusal<?> refusal) {
        boolean dataException = SqlState.isDataException(refusal.sqlState()) || refusal.unconvertible();
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
        if (values.nulls() > 0 && notNull) {
            findings.add(Finding.warning(
                    path(derived),
                    "The value is null for %s of the first %s rows of %s, but the column '%s' is NOT NULL: those rows cannot be mirrored."
                            .formatted(values.nulls(), values.rows(), row.relation(), column.name()),
                    "Use coalesce(…), drop the NOT NULL, or correct the rows."));
        }
        if (values.tooLong() > 0) {
            findings.add(Finding.warning(
                    path(derived),
                    "The value is too long for the column '%s' (%s) for %s of the first %s rows of %s: those rows cannot be mirrored."
                            .formatted(column.name(), column.type(), values.tooLong(), values.rows(), row.relation()),
                    "Widen the column, or shorten the value in the expression."));
        }
        return findings;
    }
}
