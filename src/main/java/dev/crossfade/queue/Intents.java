package dev.crossfade.queue;

import static dev.crossfade.control.IntentTable.ENTITY;
import static dev.crossfade.control.IntentTable.INTENT;
import static dev.crossfade.control.IntentTable.KEY;
import static dev.crossfade.control.IntentTable.NOTED_AT;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.Ages;
import dev.crossfade.control.StandingHold;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MirrorRecords.Noted;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.ServerEncoding;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The intents in one database. Writers append them with their own statements; here they are read, counted and deleted.
 */
public final class Intents {

    private static final TextStatement OLDEST = new TextStatement("""
            select id, key from crossfade.intent
            where entity = ? and id > cast(? as bigint)
              and (cast(? as text) = '0' or noted_at <= now() - cast(? as bigint) * interval '1 millisecond')
            order by id
            limit cast(? as bigint)
            """);
    private static final TextStatement EXISTING = new TextStatement(
            "select id, key from crossfade.intent where entity = ? and id = any(cast(cast(? as text[]) as bigint[]))");
    private static final TextStatement OLDER = new TextStatement("""
            select id from crossfade.intent
            where noted_at <= now() - cast(? as bigint) * interval '1 millisecond'
              and entity = ? and id = any(cast(cast(? as text[]) as bigint[]))
            """);
    private static final TextStatement DELETE = new TextStatement(
            "delete from crossfade.intent where entity = ? and id = any(cast(cast(? as text[]) as bigint[]))");

    private static final TextStatement NOTED = new TextStatement("""
            select k.place from crossfade.intent i join unnest(cast(? as text[])) with ordinality as k (key, place)
                on i.entity = ? and i.key = trim_array(string_to_array(k.key, chr(1)), 1)
            """);

    /** As {@link #NOTED}, on the server's present timeline; 0 if it has none. */
    private static final TextStatement NOTED_HERE = new TextStatement("""
            select k.place from crossfade.intent i join unnest(cast(? as text[])) with ordinality as k (key, place)
                on i.entity = ? and i.key = trim_array(string_to_array(k.key, chr(1)), 1)
            where coalesce(i.timeline, 0) = (select s.timeline from crossfade.server_identity() s)
            """);

    private static final TextStatement NOTED_BEFORE = new TextStatement("""
            select id, key, cast(noted_by as text) from crossfade.intent
            where entity = ? and id > cast(? as bigint) and noted_by is not null
              and coalesce(timeline, 0) <> (select s.timeline from crossfade.server_identity() s)
            order by id
            limit cast(? as bigint)
            """);
    private static final TextStatement NOTE_AGAIN = new TextStatement("""
            update crossfade.intent set timeline = (select s.timeline from crossfade.server_identity() s)
            where entity = ? and id = any(cast(cast(? as text[]) as bigint[]))
            """);
    private static final TextStatement LAST_NOTED_BEFORE = new TextStatement("""
            select max(noted_at) from crossfade.intent
            where coalesce(timeline, 0) <> (select s.timeline from crossfade.server_identity() s)
            """);

    /** Noting takes milliseconds, and the authority cannot move meanwhile: a paused process must not block that. */
    private static final Limits NOTING =
            new Limits(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(5));

    private Intents() {}

    /**
     * Returns up to {@code limit} intents of an entity that were noted at least {@code age} ago, with numbers above
     * {@code after}, oldest first.
     */
    public static List<Intent> oldest(DSLContext database, String entity, long after, int limit, Duration age) {
        String millis = Long.toString(age.toMillis());
        return database.connectionResult(connection -> OLDEST.query(
                connection, Intents::read, entity, Long.toString(after), millis, millis, Integer.toString(limit)));
    }

    /** Returns the backlog of each entity that has intents. */
    public static Map<String, Backlog> backlogs(DSLContext database) {
        return backlogs(database, noCondition());
    }

    /** Returns the backlog of an entity. */
    public static Backlog backlog(DSLContext database, String entity) {
        return backlogs(database, ENTITY.eq(entity)).getOrDefault(entity, Backlog.NONE);
    }

    /** Returns the backlog of one key. */
    public static Backlog backlog(DSLContext database, String entity, RecordKey key) {
        if (!ServerEncoding.of(database).has(key)) {
            return Backlog.NONE;
        }
        Condition ofKey = KEY.eq(val(key.values().toArray(String[]::new), KEY.getDataType()));
        return backlogs(database, ENTITY.eq(entity).and(ofKey)).getOrDefault(entity, Backlog.NONE);
    }

    private static Map<String, Backlog> backlogs(DSLContext database, Condition which) {
        return database.select(ENTITY, DSL.count(), Ages.seconds(min(NOTED_AT)))
                .from(INTENT)
                .where(which)
                .groupBy(ENTITY)
                .fetchMap(ENTITY, row -> new Backlog(row.value2(), row.value3()));
    }

    /** Returns how many intents an entity has. */
    public static int count(DSLContext database, String entity) {
        return database.fetchCount(INTENT, ENTITY.eq(entity));
    }

    /** Tells whether an entity has so many, without counting more of them. */
    public static boolean areAtLeast(DSLContext database, String entity, int number) {
        return !database.selectOne()
                .from(INTENT)
                .where(ENTITY.eq(entity))
                .offset(number - 1)
                .limit(1)
                .fetch()
                .isEmpty();
    }

    /** Returns how many bytes the table and its indexes take up. */
    public static long bytes(DSLContext database) {
        return database.fetchSingle("select pg_total_relation_size('crossfade.intent')")
                .get(0, Long.class);
    }

    /**
     * Returns which of some intents are still there, in a statement of its own. Number and key must match, because
     * each database numbers its own intents.
     */
    public static Set<Intent> existing(Connection connection, String entity, Collection<Intent> intents)
            throws SQLException {
        Set<Intent> existing = new HashSet<>(EXISTING.query(connection, Intents::read, entity, ids(intents)));
        existing.retainAll(new HashSet<>(intents));
        return existing;
    }

    /** Returns which of some keys have intents, in a statement of its own. */
    public static Set<RecordKey> noted(Connection connection, String entity, Collection<RecordKey> keys)
            throws SQLException {
        return noted(NOTED, connection, entity, keys);
    }

    /**
     * As {@link #noted}, but only for intents that this server noted since it was promoted or restored, if it was.
     * The server that it replaced may have applied the earlier ones, so the mirror may be newer than they are.
     */
    public static Set<RecordKey> notedHere(Connection connection, String entity, Collection<RecordKey> keys)
            throws SQLException {
        return noted(NOTED_HERE, connection, entity, keys);
    }

    private static Set<RecordKey> noted(
            TextStatement statement, Connection connection, String entity, Collection<RecordKey> keys)
            throws SQLException {
        List<RecordKey> asked = List.copyOf(keys);
        String[] ended = asked.stream().map(Intents::text).toArray(String[]::new);
        return new HashSet<>(statement.query(connection, row -> asked.get(row.getInt(1) - 1), ended, entity));
    }

    /** Returns a key as one text, with a separator after each value, so that an empty value differs from none. */
    static String text(RecordKey key) {
        return String.join("\u0001", key.values()) + "\u0001";
    }

    /**
     * Returns up to {@code limit} intents of an entity with higher numbers than {@code after}, oldest first, that this
     * server had when it was promoted or restored, each with the transaction that noted it.
     */
    public static Map<Intent, Noted> notedBefore(Connection connection, String entity, long after, int limit)
            throws SQLException {
        Map<Intent, Noted> found = new LinkedHashMap<>();
        NOTED_BEFORE.query(
                connection,
                row -> {
                    Intent intent = read(row);
                    return found.put(intent, new Noted(intent.key(), row.getString(3)));
                },
                entity,
                Long.toString(after),
                Integer.toString(limit));
        return found;
    }

    /**
     * Makes intents that this server had when it was promoted or restored count as noted since: their writes are newer
     * than the mirror.
     */
    public static void noteAgain(Connection connection, String entity, Collection<Intent> intents) throws SQLException {
        NOTE_AGAIN.update(connection, entity, ids(intents));
    }

    /**
     * Returns a moment up to which the history before the promotion or restore certainly reaches: the time of the
     * last intent noted before it, of any entity. Empty if there is none.
     */
    public static Optional<Instant> lastNotedBefore(Connection connection) throws SQLException {
        return LAST_NOTED_BEFORE
                .query(
                        connection,
                        row -> Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant))
                .getFirst();
    }

    /** Returns which of some intents were noted at least {@code age} ago, by the database's clock. */
    public static Set<Long> olderThan(Connection connection, String entity, Collection<Intent> intents, Duration age)
            throws SQLException {
        return new HashSet<>(
                OLDER.query(connection, row -> row.getLong(1), Long.toString(age.toMillis()), entity, ids(intents)));
    }

    /** Deletes intents by number. */
    public static void delete(Connection connection, String entity, Collection<Intent> intents) throws SQLException {
        DELETE.update(connection, entity, ids(intents));
    }

    /**
     * Notes keys without writing them, for example keys that a verification found different, or a missed write that
     * is retried. Meanwhile it holds the entity's authority and proves its stage: an intent on the wrong side, or one
     * added during a flip, would be applied in the wrong direction.
     *
     * @param hold the entity's standing as read from the control database
     * @throws dev.crossfade.control.StandingChangedException if the stage has changed, or has no mirror
     * @throws dev.crossfade.control.FrozenException if it is frozen
     */
    public static List<Intent> note(StandingHold hold, Collection<RecordKey> keys) throws SQLException {
        return CanonicalTransaction.in(hold.databases().of(hold.seen().stage().authority()), NOTING, connection -> {
            hold.beforeNoting(connection);
            return append(connection, hold.entity(), keys);
        });
    }

    /**
     * Appends intents in the transaction on {@code connection}, which holds the entity's authority or locks on the
     * rows.
     */
    public static List<Intent> append(Connection connection, String entity, Collection<RecordKey> keys)
            throws SQLException {
        List<Intent> intents = new ArrayList<>();
        Map<Integer, List<RecordKey>> byWidth =
                keys.stream().collect(Collectors.groupingBy(key -> key.values().size()));
        for (Map.Entry<Integer, List<RecordKey>> those : byWidth.entrySet()) {
            int width = those.getKey();
            intents.addAll(append(width)
                    .query(
                            connection,
                            row -> Intent.read(row, width),
                            TextStatement.entityAnd(entity, TextStatement.arrays(those.getValue()))));
        }
        return intents;
    }

    /** Returns a statement that appends an intent for each key of so many columns. Binds entity, keys. */
    private static TextStatement append(int width) {
        String columns = IntStream.rangeClosed(1, width).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String texts =
                IntStream.rangeClosed(1, width).mapToObj(i -> "key[" + i + "]").collect(Collectors.joining(", "));
        String arrays = String.join(", ", Collections.nCopies(width, "cast(? as text[])"));
        return new TextStatement("""
                insert into crossfade.intent (entity, key)
                select cast(? as text), array[%s] from unnest(%s) as rows (%s)
                returning id, %s
                """.formatted(columns, arrays, columns, texts));
    }

    /**
     * Reads number and key. Somebody may have noted the key by hand: a null is read as an empty text, and nested
     * arrays as one array. Then a record is mirrored in vain, or the key cannot be read and is recorded as missed.
     */
    private static Intent read(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        addTexts((Object[]) row.getArray(2).getArray(), values);
        return new Intent(row.getLong(1), values.isEmpty() ? RecordKey.of("") : new RecordKey(values));
    }

    private static void addTexts(@Nullable Object[] array, List<String> texts) {
        for (Object value : array) {
            if (value instanceof Object[] inner) {
                addTexts(inner, texts);
            } else {
                texts.add(value == null ? "" : value.toString());
            }
        }
    }

    private static String[] ids(Collection<Intent> intents) {
        return intents.stream().map(intent -> Long.toString(intent.id())).toArray(String[]::new);
    }
}
