package dev.crossfade.check;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.one;
import static org.jooq.impl.DSL.select;

import dev.crossfade.check.Probe.Answer;
import dev.crossfade.check.SourceRow.Sample;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/**
 * Checks that the way back keeps the modern values: for existing rows, projecting, restoring and projecting again
 * must give the same modern row. Legacy columns that restore does not write keep their values, as in an existing row.
 */
final class RoundTripCheck {

    private static final String FORTH = "crossfade_forth";
    private static final String BACK = "crossfade_back";
    private static final String AGAIN = "crossfade_again";

    private final LiveMapping live;
    private final TableMapping mapping;
    private final Probe legacy;
    private final Sample sample;
    private final List<String> legacyColumns;

    /** Creates the check over some legacy rows, of a mapping that has no errors. */
    RoundTripCheck(LiveMapping live, Probe legacy, Sample sample) {
        this.live = live;
        this.sample = sample;
        this.mapping = live.mapping();
        this.legacy = legacy;
        this.legacyColumns = live.readable(Side.LEGACY);
    }

    /**
     * The result of the check.
     *
     * @param rows how many rows it examined
     * @param findings the findings about the way back of these rows
     */
    record Compared(long rows, List<Finding> findings) {}

    Compared compare() {
        List<Derived> project = mapping.project();
        if (project.isEmpty()) {
            return new Compared(0, List.of());
        }
        return switch (ask(sample)) {
            case Answer.Refusal<Record> refusal
            when refusal.sqlState().equals(SqlState.QUERY_CANCELED) ->
                new Compared(0, List.of(RowCheck.tooSlow(live.path("restore"), "Restoring what project gives")));
            case Answer.Refusal<Record> refusal when Piecewise.isOfARow(refusal) -> piecewise();
            case Answer.Refusal<Record> refusal -> new Compared(0, failures(sample, refusal));
            case Answer.Value<Record>(Record counts) -> {
                long[] numbers = numbers(counts);
                yield new Compared(numbers[0], differences(numbers));
            }
        };
    }

    private Answer<Record> ask(Sample rows) {
        return legacy.ask(dsl -> dsl.fetchSingle(comparison(rows)));
    }

    /** Some rows cannot be restored or projected; checks the law for the others. */
    private Compared piecewise() {
        Piecewise<Record> found = Piecewise.ask(sample, this::ask, counts -> counts.get(0, Long.class));
        long[] numbers = new long[mapping.project().size() + 1];
        found.answers()
                .forEach(part ->
                        Arrays.setAll(numbers, i -> numbers[i] + part.answer().get(i, Long.class)));
        List<Finding> findings = new ArrayList<>(failures(found));
        findings.addAll(differences(numbers));
        return new Compared(numbers[0] + found.refused().size() + found.unknown(), findings);
    }

    private long[] numbers(Record counts) {
        long[] numbers = new long[mapping.project().size() + 1];
        Arrays.setAll(numbers, i -> counts.get(i, Long.class));
        return numbers;
    }

    private List<Finding> differences(long[] numbers) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < mapping.project().size(); i++) {
            long different = numbers[i + 1];
            if (different > 0) {
                String column = mapping.project().get(i).column().name();
                findings.add(
                        Finding.warning(
                                live.path("project", column),
                                "The way back changes the modern column '%s': for %s of the %s legacy rows, project gives another value after restore than before."
                                        .formatted(column, different, sample.text(numbers[0])),
                                "Let restore keep what project needs, or accept that these rows change when the modern side takes over."));
            }
        }
        return findings;
    }

    private List<Finding> failures(Piecewise<Record> found) {
        if (found.refused().isEmpty()) {
            return List.of();
        }
        Piecewise.Refused first = found.refused().getFirst();
        if (legacy.ask(dsl -> dsl.fetchSingle(projected(first.row()))) instanceof Answer.Refusal<?> refusal) {
            return List.of(
                    Finding.warning(
                            live.path("project"),
                            "Project fails for %s: %s.".formatted(some(found), RowCheck.withoutValues(refusal)),
                            "Correct the rows, or let it give a value for every row; their way back cannot be looked at before."));
        }
        // If all rows fail, the expression is wrong, not the rows.
        return found.isOfEveryRow()
                ? failures(first.row(), first.reason())
                : failures(first.row(), first.reason()).stream()
                        .map(one -> Finding.warning(
                                one.path(),
                                "Restore fails on values that project gives for %s: %s."
                                        .formatted(some(found), RowCheck.withoutValues(first.reason())),
                                one.remedy()))
                        .toList();
    }

    private String some(Piecewise<?> found) {
        return "%s%s of the %s rows of %s"
                .formatted(
                        found.unknown() > 0 ? "at least " : "", found.refused().size(), sample, mapping.legacy());
    }

    private Select<?> projected(Sample rows) {
        List<Field<?>> counts = new ArrayList<>();
        for (int i = 0; i < mapping.project().size(); i++) {
            counts.add(count(field(name(FORTH, projected(i)))));
        }
        return select(counts).from(forth(rows));
    }

    /** Finds the restore expressions that fail on projected values. */
    private List<Finding> failures(Sample rows, Answer.Refusal<?> all) {
        List<Finding> findings = new ArrayList<>();
        for (Derived one : mapping.restore()) {
            Select<?> alone = select(count(field(name(BACK, restored(0)))))
                    .from(forth(rows))
                    .crossJoin(lateral(back(List.of(one))).as(name(BACK)));
            if (legacy.ask(dsl -> dsl.fetchSingle(alone)) instanceof Answer.Refusal<?> refusal) {
                findings.add(failure(live.path("restore", one.column().name()), refusal));
            }
        }
        return findings.isEmpty() ? List.of(failure(live.path("restore"), all)) : findings;
    }

    private Finding failure(String path, Answer.Refusal<?> refusal) {
        return Finding.error(
                path,
                "Restore fails on values that project gives for the %s rows of %s: %s."
                        .formatted(sample, mapping.legacy(), RowCheck.withoutValues(refusal)),
                "Let restore give a value for every row that project can give.");
    }

    private Select<?> comparison(Sample rows) {
        List<Field<?>> counts = new ArrayList<>();
        counts.add(count());
        for (int i = 0; i < mapping.project().size(); i++) {
            Column column = mapping.project().get(i).column();
            counts.add(count().filterWhere(
                            differ(column, field(name(FORTH, projected(i))), field(name(AGAIN, projected(i))))));
        }
        return select(counts)
                .from(forth(rows))
                .crossJoin(lateral(back(mapping.restore())).as(name(BACK)))
                .crossJoin(lateral(again()).as(name(AGAIN)));
    }

    private static Condition differ(Column column, Field<Object> one, Field<Object> other) {
        return condition("{0} is distinct from {1}", column.comparable(one), column.comparable(other));
    }

    /** The legacy rows with their projections. */
    private Table<Record> forth(Sample rows) {
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < legacyColumns.size(); i++) {
            fields.add(
                    field(name(mapping.legacy().table(), legacyColumns.get(i))).as(name(original(i))));
        }
        fields.addAll(projectedValues());
        return select(fields)
                .from(new SourceRow(live, Side.LEGACY).sample(rows))
                .asTable(name(FORTH));
    }

    /** The legacy values restored from the projected modern row. */
    private Select<Record> back(List<Derived> restore) {
        List<Field<?>> modern = new ArrayList<>();
        Map<String, Field<?>> originals = originals();
        for (int i = 0; i < mapping.modern().key().size(); i++) {
            Column key = mapping.modern().key().get(i);
            Field<?> from = original(originals, mapping.legacy().key().get(i));
            modern.add(key.cast(from).as(name(key.name())));
        }
        List<Derived> following = live.derivedOn(Side.MODERN);
        for (int i = 0; i < following.size(); i++) {
            modern.add(field(name(FORTH, projected(i)))
                    .as(name(following.get(i).column().name())));
        }
        for (Column column : mapping.modern().columns()) {
            if (following.stream().noneMatch(one -> one.column().equals(column))) {
                modern.add(original(originals, column).as(name(column.name())));
            }
        }
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < restore.size(); i++) {
            values.add(restore.get(i).value().as(name(restored(i))));
        }
        if (values.isEmpty()) {
            values.add(one());
        }
        return select(values).from(select(modern).asTable(name(mapping.modern().table())));
    }

    /** The projection of the legacy row after restore has written its columns. */
    private Select<Record> again() {
        Map<String, Field<?>> row = originals();
        for (int i = 0; i < mapping.restore().size(); i++) {
            row.put(mapping.restore().get(i).column().name(), field(name(BACK, restored(i))));
        }
        List<Field<?>> legacyRow = new ArrayList<>();
        row.forEach((column, value) -> legacyRow.add(value.as(name(column))));
        return select(projectedValues())
                .from(select(legacyRow).asTable(name(mapping.legacy().table())));
    }

    private List<Field<?>> projectedValues() {
        List<Field<?>> values = new ArrayList<>();
        List<Derived> following = live.derivedOn(Side.MODERN);
        for (int i = 0; i < following.size(); i++) {
            values.add(following.get(i).value().as(name(projected(i))));
        }
        return values;
    }

    private Map<String, Field<?>> originals() {
        Map<String, Field<?>> originals = new HashMap<>();
        IntStream.range(0, legacyColumns.size())
                .forEach(i -> originals.put(legacyColumns.get(i), field(name(FORTH, original(i)))));
        return originals;
    }

    private static Field<?> original(Map<String, Field<?>> originals, Column column) {
        Field<?> field = originals.get(column.name());
        if (field == null) {
            throw new IllegalStateException("The column '" + column.name() + "' is not part of the legacy row.");
        }
        return field;
    }

    private static String original(int i) {
        return "crossfade_original_" + i;
    }

    private static String projected(int i) {
        return "crossfade_projected_" + i;
    }

    private static String restored(int i) {
        return "crossfade_restored_" + i;
    }
}
