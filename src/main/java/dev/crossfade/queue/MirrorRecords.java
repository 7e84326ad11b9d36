package dev.crossfade.queue;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The snapshots of the authoritative database with which appliers read the rows that they wrote to the mirror,
 * recorded in the mirror's own transactions; for two databases only. After the authoritative server was promoted
 * without its last transactions, it still has intents whose writes reached the mirror and others whose writes did
 * not; these records tell them apart.
 *
 * <p>The records are exact, because the snapshot is that of the statement that read the row. If it shows an intent,
 * it shows its write, and the mirror has that write or a later one; if none of a key's snapshots shows it, the mirror
 * has an earlier one. A record is kept for half an hour after its transaction, and longer while nothing is applied.
 */
public final class MirrorRecords {

    private static final Duration KEPT = Duration.ofMinutes(30);

    /**
     * How far back the records are trusted: less than they are kept, because the clocks of two servers are compared.
     */
    private static final Duration RELIED_ON = Duration.ofMinutes(20);

    /** One transaction in so many deletes old records, more than were added since the last such one. */
    private static final int CLEANING = 64;

    private static final TextStatement ADD = new TextStatement("""
            insert into crossfade.mirrored (entity, keys, seen)
            values (?, cast(? as text[]), cast(? as pg_snapshot))
            """);
    private static final TextStatement CLEAN = new TextStatement("""
            delete from crossfade.mirrored
            where entity = cast(? as text) and batch in (
                select batch from crossfade.mirrored
                where entity = cast(? as text) and mirrored_at < now() - cast(? as bigint) * interval '1 millisecond'
                order by batch
                limit 256)
            """);
    private static final TextStatement SEEN = new TextStatement("""
            select distinct asked.place
            from crossfade.mirrored m
            cross join unnest(m.keys) as mirrored (key)
            join unnest(cast(? as text[]), cast(cast(? as text[]) as xid8[])) with ordinality as asked (key, noted_by, place)
                on mirrored.key = asked.key
            where m.entity = ? and pg_visible_in_snapshot(asked.noted_by, m.seen)
            """);
    private static final TextStatement NEWEST =
            new TextStatement("select max(mirrored_at) from crossfade.mirrored where entity = ?");
    private static final TextStatement FORGET = new TextStatement("delete from crossfade.mirrored where entity = ?");

    private MirrorRecords() {}

    /**
     * A committed intent for a key in the other database.
     *
     * @param notedBy the transaction that noted it, as the server writes an {@code xid8}
     */
    public record Noted(RecordKey key, String notedBy) {}

    /**
     * Records a snapshot, in the transaction on {@code mirror} that has written the rows.
     *
     * @param keys those that have been written or deleted
     * @param snapshot of the statement that read their authoritative rows
     */
    public static void add(Connection mirror, String entity, Collection<RecordKey> keys, String snapshot)
            throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        ADD.update(mirror, entity, texts(keys), snapshot);
        if (ThreadLocalRandom.current().nextInt(CLEANING) == 0) {
            CLEAN.update(mirror, entity, entity, Long.toString(KEPT.toMillis()));
        }
    }

    /** Returns those whose transaction was visible when the mirror's row was last copied. */
    public static Set<Noted> seen(Connection mirror, String entity, Collection<Noted> noted) throws SQLException {
        List<Noted> asked = List.copyOf(noted);
        return new HashSet<>(SEEN.query(
                mirror,
                row -> asked.get(row.getInt(1) - 1),
                texts(asked.stream().map(Noted::key).toList()),
                asked.stream().map(Noted::notedBy).toArray(String[]::new),
                entity));
    }

    /**
     * Tells whether the records reach back to a moment, so that they contain everything copied since.
     *
     * @param moment by the clock of the other database's server
     */
    public static boolean reachBackTo(Connection mirror, String entity, Instant moment) throws SQLException {
        Optional<Instant> newest = NEWEST.query(
                        mirror, row -> Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant), entity)
                .getFirst();
        return newest.isEmpty() || !moment.isBefore(newest.get().minus(RELIED_ON));
    }

    /** Forgets the records of an entity whose sides were repaired in another way. */
    public static void forget(Connection mirror, String entity) throws SQLException {
        FORGET.update(mirror, entity);
    }

    private static String[] texts(Collection<RecordKey> keys) {
        return keys.stream().map(Intents::text).toArray(String[]::new);
    }
}
