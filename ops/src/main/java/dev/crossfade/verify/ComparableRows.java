package dev.crossfade.verify;

import static dev.crossfade.sql.TextStatement.arrays;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads rows of either side in the modern shape, as the texts in which they are compared. */
public final class ComparableRows {

    private final TextStatement readLegacy;
    private final TextStatement readModern;
    private final List<String> columns;
    private final List<Boolean> filled;
    private final int keyWidth;

    /** Reads rows of an entity. */
    public ComparableRows(TableMapping mapping) {
        Projection projection = mapping.from(Side.LEGACY);
        ProjectionSql sql = new ProjectionSql(projection);
        this.readLegacy = sql.readComparable();
        this.readModern = sql.readTarget();
        this.columns = projection.targetColumns().stream().map(Column::name).toList();
        this.filled = projection.targetColumns().stream().map(projection::fills).toList();
        this.keyWidth = projection.source().key().size();
    }

    /** Returns the modern columns that are compared, the key's first. */
    List<String> columns() {
        return columns;
    }

    /**
     * Returns how the rows of a key differ, as far as the authoritative side can make them equal. A filled column
     * differs only where the legacy side is authoritative and has a value for it, and the modern row has none.
     *
     * @param legacy the legacy row, null if there is none
     * @param modern the modern row, null if there is none
     */
    public Optional<Difference> difference(
            RecordKey key,
            Side authority,
            @Nullable List<@Nullable String> legacy,
            @Nullable List<@Nullable String> modern) {
        if (Objects.equals(legacy, modern)) {
            return Optional.empty();
        }
        if (modern == null) {
            return Optional.of(new Difference.Missing(key));
        }
        if (legacy == null) {
            return Optional.of(new Difference.Extra(key));
        }
        List<String> differing = IntStream.range(0, columns.size())
                .filter(i -> filled.get(i)
                        ? authority == Side.LEGACY && legacy.get(i) != null && modern.get(i) == null
                        : !Objects.equals(legacy.get(i), modern.get(i)))
                .mapToObj(columns::get)
                .toList();
        return differing.isEmpty() ? Optional.empty() : Optional.of(new Difference.Different(key, differing));
    }

    /** Returns a side's rows of some keys, read in the caller's transaction of its database. */
    public Map<RecordKey, List<@Nullable String>> read(Connection connection, Side side, Collection<RecordKey> keys)
            throws SQLException {
        TextStatement statement = side == Side.LEGACY ? readLegacy : readModern;
        Map<RecordKey, List<@Nullable String>> rows = new HashMap<>();
        statement.query(
                connection,
                row -> {
                    List<@Nullable String> texts = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        texts.add(row.getString(keyWidth + i));
                    }
                    return rows.put(TextStatement.key(row, 1, keyWidth), texts);
                },
                arrays(keys));
        return rows;
    }

    /** Returns a number that two rows share only if they are equal. A missing row has one too. */
    public static long digest(@Nullable List<@Nullable String> row) {
        if (row == null) {
            return 0;
        }
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String text : row) {
                byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
                hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, text == null ? -1 : bytes.length));
                hash.update(bytes);
            }
            return ByteBuffer.wrap(hash.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new CrossfadeException("Every Java platform has SHA-256, but not this one.", e);
        }
    }
}
