package dev.crossfade.verify;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.SpellingSql;
import dev.crossfade.verify.Recheck.Found;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Separates rows that are equal by their columns' types and only spelled differently from those that differ. */
final class Spellings {

    private final SpellingSql sql;
    private final ComparableRows rows;
    private final SideReader sides;

    Spellings(TableMapping mapping, ComparableRows rows, SideReader sides) {
        this.sql = new SpellingSql(mapping);
        this.rows = rows;
        this.sides = sides;
    }

    /** Returns the real differences; adds the keys of rows that are only spelled differently to {@code respelled}. */
    List<Difference> leftOut(List<Found> found, List<RecordKey> respelled) {
        Map<RecordKey, Set<String>> changed = changed(found);
        List<Difference> differences = new ArrayList<>();
        for (Found one : found) {
            Difference difference =
                    without(one.difference(), changed.get(one.difference().key()));
            if (difference instanceof Difference.Different
                    && difference.columns().isEmpty()) {
                respelled.add(difference.key());
            } else {
                differences.add(difference);
            }
        }
        return differences;
    }

    /** Leaves out the columns that are only spelled differently. */
    private Difference without(Difference difference, @Nullable Set<String> changed) {
        return changed == null
                ? difference
                : new Difference.Different(
                        difference.key(),
                        difference.columns().stream()
                                .filter(column -> changed.contains(column)
                                        || !sql.columns().contains(column))
                                .toList());
    }

    /**
     * Looks only at columns whose equal values may be spelled differently. Returns, for each key where such a column
     * seems to differ, which of them really do.
     */
    private Map<RecordKey, Set<String>> changed(List<Found> found) {
        List<String> columns = sql.columns();
        List<Found> candidates = found.stream()
                .filter(one -> one.difference().columns().stream().anyMatch(columns::contains))
                .toList();
        Map<RecordKey, Set<String>> changed = new HashMap<>();
        if (candidates.isEmpty()) {
            return changed;
        }
        List<List<@Nullable String>> texts =
                candidates.stream().map(one -> texts(one, columns)).toList();
        sides.read(
                Side.LEGACY,
                connection -> sql.changed()
                        .query(
                                connection,
                                row -> changed.put(
                                        candidates
                                                .get(row.getInt(1) - 1)
                                                .difference()
                                                .key(),
                                        names(row.getArray(2))),
                                TextStatement.columns(texts)));
        return changed;
    }

    private List<@Nullable String> texts(Found one, List<String> columns) {
        List<@Nullable String> row = new ArrayList<>();
        for (String column : columns) {
            int place = rows.columns().indexOf(column);
            row.add(Objects.requireNonNull(one.legacy()).get(place));
            row.add(Objects.requireNonNull(one.modern()).get(place));
        }
        return row;
    }

    private static Set<String> names(@Nullable Array array) throws SQLException {
        return array == null ? Set.of() : Set.of((String[]) array.getArray());
    }
}
