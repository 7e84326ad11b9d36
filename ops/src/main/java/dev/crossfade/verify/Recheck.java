package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.SpellingSql;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TextStatement;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intents;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at keys that seemed different, until each has been caught at rest. A key is at rest when, after its
 * authoritative row was read, it has no intent, and the row is still the same after the mirror's row was read: then the
 * mirror must be equal. A row that went away and came back in between would deceive one look, so it takes two.
 */
final class Recheck {

    private static final int BATCH = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final Waiting waiting;
    private final SideReader sides;
    private final DSLContext control;
    private final TableMapping mapping;
    private final Side authority;
    private final Duration patience;
    private final ComparableRows rows;
    private final SpellingSql spellings;

    /**
     * Makes a recheck.
     *
     * @param patience how long it looks at a batch of keys before those that are still not at rest are left
     */
    Recheck(Databases databases, TableMapping mapping, Side authority, Duration patience) {
        this(databases, mapping, authority, patience, Intents::noted);
    }

    private Recheck(Databases databases, TableMapping mapping, Side authority, Duration patience, Waiting waiting) {
        this.waiting = waiting;
        this.sides = new SideReader(databases);
        this.control = databases.controlDsl();
        this.mapping = mapping;
        this.authority = authority;
        this.patience = patience;
        this.rows = new ComparableRows(mapping);
        this.spellings = new SpellingSql(mapping);
    }

    /** As a recheck, where an intent that a server had when it was promoted or restored does not say that a key is behind. */
    static Recheck afterFailover(Databases databases, TableMapping mapping, Side authority, Duration patience) {
        return new Recheck(databases, mapping, authority, patience, Intents::notedHere);
    }

    /** Tells which keys wait for their mirror. */
    @FunctionalInterface
    private interface Waiting {
        Set<RecordKey> of(Connection authority, String entity, Collection<RecordKey> keys) throws SQLException;
    }

    /**
     * What became of the suspects.
     *
     * @param differences keys that differ at rest
     * @param respelled keys whose rows are equal at rest, as the columns' types compare them, and only spelled differently
     * @param restless how many keys were never at rest while they were looked at
     */
    record Settled(List<Difference> differences, List<RecordKey> respelled, int restless) {}

    /** A difference between two rows, with their texts. */
    private record Found(
            Difference difference,
            @Nullable List<@Nullable String> legacy,
            @Nullable List<@Nullable String> modern) {}

    Settled settle(Collection<RecordKey> suspects) {
        List<Found> found = new ArrayList<>();
        int restless = 0;
        List<RecordKey> left = List.copyOf(suspects);
        for (int from = 0; from < left.size(); from += BATCH) {
            Set<RecordKey> batch = new HashSet<>(left.subList(from, Math.min(left.size(), from + BATCH)));
            Map<RecordKey, Difference> seenOnce = new HashMap<>();
            long deadline = System.nanoTime() + patience.toNanos();
            for (long pause = 2; !batch.isEmpty() && System.nanoTime() < deadline; pause *= 2) {
                settle(batch, seenOnce, found);
                if (pause > LONGEST_PAUSE.toMillis() && isFrozen()) {
                    deadline = System.nanoTime();
                }
                if (!batch.isEmpty()) {
                    sleep(Math.min(pause, LONGEST_PAUSE.toMillis()));
                }
            }
            restless += batch.size();
        }
        Map<RecordKey, Set<String>> changed = changed(found);
        List<Difference> differences = new ArrayList<>();
        List<RecordKey> respelled = new ArrayList<>();
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
        return new Settled(differences, respelled, restless);
    }

    /** Leaves out the columns that are only spelled differently. */
    private Difference without(Difference difference, @Nullable Set<String> changed) {
        return changed == null
                ? difference
                : new Difference.Different(
                        difference.key(),
                        difference.columns().stream()
                                .filter(column -> changed.contains(column)
                                        || !spellings.columns().contains(column))
                                .toList());
    }

    /**
     * Returns, of the columns of which equal values may be spelled differently, those that are different all the same, of
     * each key of which such a column seems to be.
     */
    private Map<RecordKey, Set<String>> changed(List<Found> found) {
        List<String> columns = spellings.columns();
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
                connection -> spellings
                        .changed()
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

    /** Nothing is applied then, so keys that wait for their mirror are not going to be at rest. */
    private boolean isFrozen() {
        return AuthorityTable.fence(control, mapping.entity())
                .flatMap(Fence::frozen)
                .isPresent();
    }

    private void settle(Set<RecordKey> batch, Map<RecordKey, Difference> seenOnce, List<Found> found) {
        List<RecordKey> keys = List.copyOf(batch);
        Side mirror = authority.opposite();
        Map<RecordKey, List<@Nullable String>> before = read(authority, keys);
        Set<RecordKey> pending = pending(keys);
        Map<RecordKey, List<@Nullable String>> mirrored = read(mirror, keys);
        Map<RecordKey, List<@Nullable String>> after = read(authority, keys);
        // A row that went and came back meanwhile, or the other way round, looks the same; its intent tells.
        pending.addAll(pending(keys));
        for (RecordKey key : keys) {
            if (pending.contains(key) || !Objects.equals(before.get(key), after.get(key))) {
                seenOnce.remove(key);
            } else {
                boolean legacyDecides = authority == Side.LEGACY;
                List<@Nullable String> legacy = legacyDecides ? before.get(key) : mirrored.get(key);
                List<@Nullable String> modern = legacyDecides ? mirrored.get(key) : before.get(key);
                Optional<Difference> difference = difference(key, legacy, modern);
                if (difference.isEmpty()) {
                    batch.remove(key);
                } else if (difference.get().equals(seenOnce.put(key, difference.get()))) {
                    batch.remove(key);
                    found.add(new Found(difference.get(), legacy, modern));
                }
            }
        }
    }

    private Optional<Difference> difference(
            RecordKey key, @Nullable List<@Nullable String> legacy, @Nullable List<@Nullable String> modern) {
        if (Objects.equals(legacy, modern)) {
            return Optional.empty();
        }
        if (modern == null) {
            return Optional.of(new Difference.Missing(key));
        }
        if (legacy == null) {
            return Optional.of(new Difference.Extra(key));
        }
        List<String> columns = rows.columns();
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!Objects.equals(legacy.get(i), modern.get(i))) {
                differing.add(columns.get(i));
            }
        }
        return Optional.of(new Difference.Different(key, differing));
    }

    /** Reads rows in the modern shape, as text. */
    private Map<RecordKey, List<@Nullable String>> read(Side side, List<RecordKey> keys) {
        return sides.read(side, connection -> rows.read(connection, side, keys));
    }

    /** Returns which of some keys have intents. */
    Set<RecordKey> pending(List<RecordKey> keys) {
        return sides.read(authority, connection -> waiting.of(connection, mapping.entity(), keys));
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The verification was interrupted.", e);
        }
    }
}
