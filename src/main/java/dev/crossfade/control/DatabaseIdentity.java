package dev.crossfade.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which database this is, and how far its log has advanced. Between two looks at the same database only the position
 * and the beat advance. Any other difference means that the server was promoted without its last transactions,
 * restored from a backup or replaced.
 *
 * @param token created with the schema {@code crossfade}, empty where the schema was emptied
 * @param system the server's system identifier, empty where it has none
 * @param timeline of the server's WAL; a promotion and a restore to a point in time begin a new one
 * @param position up to which the WAL is on disk, in bytes
 * @param beat grows with each heartbeat of a service and each proof
 */
public record DatabaseIdentity(String token, String system, long timeline, long position, long beat) {

    /**
     * A look at one database.
     *
     * @param identity its identity now
     * @param accepted whether its server is the one that the schema was created on, or that an operator has accepted
     *         since
     * @param other the other side's database as last seen from here, null before the first time
     */
    public record Sighting(
            DatabaseIdentity identity,
            boolean accepted,
            @Nullable DatabaseIdentity other) {

        /** Reads it, in the transaction on {@code connection} if one is open. */
        public static Sighting of(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(IdentityTable.READ);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return new Sighting(read(row, 1), row.getBoolean(6), row.getString(7) == null ? null : read(row, 7));
            }
        }

        private static DatabaseIdentity read(ResultSet row, int first) throws SQLException {
            boolean ofNow = first == 1;
            return new DatabaseIdentity(
                    row.getString(first),
                    row.getString(first + 1),
                    row.getLong(first + 2),
                    row.getLong(first + 3),
                    ofNow ? row.getLong(5) : row.getLong(first + 4));
        }

        /**
         * Returns what shows that this database has changed its identity, empty if nothing does.
         *
         * @param witness what the other side's database remembers of this one, null if nothing
         */
        public Optional<String> change(@Nullable DatabaseIdentity witness) {
            Optional<String> remembered = witness == null ? Optional.empty() : identity.changeSince(witness);
            if (identity.token.isEmpty()) {
                return Optional.of("its schema crossfade was emptied");
            }
            return remembered.isPresent() || accepted
                    ? remembered
                    : Optional.of(
                            "its server was promoted, restored or replaced (timeline %s)".formatted(identity.timeline));
        }
    }

    /** Returns why this cannot be a later state of the same database, empty if it can. */
    public Optional<String> changeSince(DatabaseIdentity earlier) {
        if (!system.equals(earlier.system)) {
            return Optional.of(
                    "it is on another server (system identifier %s, was %s)".formatted(system, earlier.system));
        }
        if (!token.equals(earlier.token)) {
            return Optional.of("its schema crossfade is another one than before");
        }
        if (timeline != earlier.timeline) {
            return Optional.of(
                    "its server was promoted or restored (timeline %s, was %s)".formatted(timeline, earlier.timeline));
        }
        if (position < earlier.position || beat < earlier.beat) {
            return Optional.of("it has gone back in time (log position %s, was %s; beat %s, was %s)"
                    .formatted(position, earlier.position, beat, earlier.beat));
        }
        return Optional.empty();
    }

    /** Returns it as texts, in the order of the components. */
    public List<String> texts() {
        return List.of(token, system, Long.toString(timeline), Long.toString(position), Long.toString(beat));
    }

    /** Reads what {@link #texts()} returned. */
    public static DatabaseIdentity of(List<String> texts) {
        return new DatabaseIdentity(
                texts.get(0),
                texts.get(1),
                Long.parseLong(texts.get(2)),
                Long.parseLong(texts.get(3)),
                Long.parseLong(texts.get(4)));
    }
}
