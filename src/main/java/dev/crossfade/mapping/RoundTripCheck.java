package dev.crossfade.mapping;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.one;
import static org.jooq.impl.DSL.select;

import dev.crossfade.mapping.Probe.Answer;
import dev.crossfade.mapping.SourceRow.Sample;
import dev.crossfade.model.Side;
import java.util.ArrayList;
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
 * Looks whether the way back keeps what the modern side shows: over rows that are there, what is projected from a row
 * must be projected again from the row that is restored from it. Legacy columns that restore does not write keep their
 * values, as they do in a row that exists.
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

    /** Makes the check of a mapping that has no errors over some of the legacy rows. */
    RoundTripCheck(LiveMapping live, Probe legacy, Sample sample) {
        this.live = live;
        this.sample = sample;
        this.mapping = live.mapping();
        this.legacy = legacy;
        this.legacyColumns = live.readable(Side.LEGACY);
    }

    /**
     * What the check found.
     *
     * @param rows how many rows it looked at
     * @param findings what is wrong with the way back of these rows
     */
    record Compared(long rows, List<Finding> findings) {}

    Compared compare() {
        List<Derived> project = mapping.project();
        if (project.isEmpty()) {
            return new Compared(0, List.of());
        }
        Answer<Record> compared = legacy.ask(dsl -> dsl.fetchSingle(comparison()));
        return switch (compared) {
            case Answer.Refusal<Record> refusal
            when refusal.sqlState().equals(Probe.TOOK_TOO_LONG) ->
                new Compared(0, List.of(RowCheck.tooSlow(live.path("restore"), "Restoring what project gives")));
            case Answer.Refusal<Record> refusal -> new Compared(0, failures(refusal));
            case Answer.Value<Record>(Record counts) -> new Compared(counts.get(0, Long.class), differences(counts));
        };
    }

    private List<Finding> differences(Record counts) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < mapping.project().size(); i++) {
            long different = counts.get(i + 1, Long.class);
            if (different > 0) {
                String column = mapping.project().get(i).column().name();
                findings.add(
                        Finding.warning(
                                live.path("project", column),
                                "The way back changes the modern column '%s': for %d of the %s legacy rows, project gives another value after restore than before."
                                        .formatted(column, different, sample.text(counts.get(0, Long.class))),
                                "Let restore keep what project needs, or accept that these rows change when the modern side takes over."));
            }
        }
        return findings;
    }

    /** Finds the restore expressions that fail on what project gives. */
    private List<Finding> failures(Answer.Refusal<Record> all) {
        List<Finding> findings = new ArrayList<>();
        for (Derived one : mapping.restore()) {
            Select<?> alone = select(count(field(name(BACK, restored(0)))))
                    .from(forth())
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

    private Select<?> comparison() {
        List<Field<?>> counts = new ArrayList<>();
        counts.add(count());
        for (int i = 0; i < mapping.project().size(); i++) {
            Column column = mapping.project().get(i).column();
            counts.add(count().filterWhere(
                            differ(column, field(name(FORTH, projected(i))), field(name(AGAIN, projected(i))))));
        }
        return select(counts)
                .from(forth())
                .crossJoin(lateral(back(mapping.restore())).as(name(BACK)))
                .crossJoin(lateral(again()).as(name(AGAIN)));
    }

    private static Condition differ(Column column, Field<Object> one, Field<Object> other) {
        return condition("{0} is distinct from {1}", column.comparable(one), column.comparable(other));
    }

    /** The legacy rows and what is projected from them. */
    private Table<Record> forth() {
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < legacyColumns.size(); i++) {
            fields.add(
                    field(name(mapping.legacy().table(), legacyColumns.get(i))).as(name(original(i))));
        }
        fields.addAll(projectedValues());
        return select(fields)
                .from(new SourceRow(live, Side.LEGACY).sample(sample))
                .asTable(name(FORTH));
    }

    /** What is restored from the modern row that was projected. */
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

    /** What is projected from the legacy row after restore has written its columns. */
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
