package dev.crossfade.statement;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A modern column whose value comes back from the legacy side changed.
 *
 * @param column the column's name
 * @param changed whether the value is different; otherwise it is equal and only spelled differently
 * @param given the text of the given value
 * @param stored the text of the value that the stored legacy row projects to
 */
public record Alteration(
        String column,
        boolean changed,
        @Nullable String given,
        @Nullable String stored) {

    static final String CHANGED = "changed";
    static final String RESPELLED = "respelled";

    private static final int WIDTH = 4;

    /** Reads a row's alterations from a column that {@link AlterationSql} made; null means none. */
    public static List<Alteration> read(ResultSet row, int column) throws SQLException {
        Array found = row.getArray(column);
        if (found == null) {
            return List.of();
        }
        @Nullable String[] texts = (@Nullable String[]) found.getArray();
        List<Alteration> alterations = new ArrayList<>();
        for (int i = 0; i < texts.length; i += WIDTH) {
            alterations.add(
                    new Alteration(String.valueOf(texts[i]), CHANGED.equals(texts[i + 1]), texts[i + 2], texts[i + 3]));
        }
        return alterations;
    }
}
