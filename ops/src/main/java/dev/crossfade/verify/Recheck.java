package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.TooLargeException;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Rechecks keys that seemed different until each is at rest. A key is at rest if it has no intent after its
 * authoritative row was read, and the row is still the same after the mirror's row was read: then the mirror must be
 * equal. A row that was deleted and reinserted in between would deceive one check, so it takes two.
 */
final class Recheck {

    private static final int BATCH = 500;
    /** This many rows are read together, whatever their size. */
    private static final int FEW = 2;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final Waiting waiting;
    private final SideReader sides;
    private final DSLContext control;
    private final TableMapping mapping;
    private final Side authority;
    private final Duration patience;
    private final ComparableRows rows;
    private final WideRows sizes;
    private final Spellings spellings;

    /**
     * Creates a recheck.
     *
     * @param patience how long it waits for a batch of keys to come to rest before it leaves the others
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
        this.sizes = new WideRows(databases, mapping);
        this.spellings = new Spellings(mapping, rows, sides);
    }

    /**
     * Creates a recheck after a failover. It ignores intents that a server had when it was promoted or restored: they
     * do not show that a key is behind.
     */
    static Recheck afterFailover(Databases databases, TableMapping mapping, Side authority, Duration patience) {
        return new Recheck(databases, mapping, authority, patience, Intents::notedHere);
    }

    /** Tells which keys wait for their mirror. */
    @FunctionalInterface
    private interface Waiting {
        Set<RecordKey> of(Connection authority, String entity, Collection<RecordKey> keys) throws SQLException;
    }

    /**
     * The verdict on the suspects.
     *
     * @param differences keys that differ at rest
     * @param respelled keys whose rows are equal at rest by the columns' types, and only spelled differently
     * @param restless how many keys were never at rest meanwhile
     */
    record Settled(List<Difference> differences, List<RecordKey> respelled, int restless) {}

    /** A difference between two rows, with their texts. */
    record Found(
            Difference difference,
            @Nullable List<@Nullable String> legacy,
            @Nullable List<@Nullable String> modern) {}

    Settled settle(Collection<RecordKey> suspects) {
        List<Difference> differences = new ArrayList<>();
        List<RecordKey> respelled = new ArrayList<>();
        int restless = 0;
        // A key whose row is spelled in two ways is suspected twice.
        List<RecordKey> left = List.copyOf(new LinkedHashSet<>(suspects));
        for (int from = 0; from < left.size(); from += BATCH) {
            List<Found> found = new ArrayList<>();
            restless += settleBatch(left.subList(from, Math.min(left.size(), from + BATCH)), found);
            differences.addAll(spellings.leftOut(found, respelled));
        }
        return new Settled(differences, respelled, restless);
    }

    /** Settles some keys. It finds those whose rows cannot be read or projected by halving. */
    private int settleBatch(List<RecordKey> keys, List<Found> differences) {
        List<Found> found = new ArrayList<>();
        try {
            if (keys.size() > FEW && sizes.areTooMany(keys)) {
                return settleHalves(keys, differences);
            }
            int restless = settleTogether(keys, found);
            differences.addAll(found);
            return restless;
        } catch (DataAccessException | UnavailableException e) {
            if (!isOfRows(e)) {
                throw e;
            }
            return settleFewer(keys, differences, e);
        } catch (OutOfMemoryError e) {
            return settleFewer(keys, differences, e);
        }
    }

    private int settleFewer(List<RecordKey> keys, List<Found> differences, Throwable reason) {
        if (keys.size() > 1) {
            return settleHalves(keys, differences);
        }
        differences.add(
                new Found(new Difference.Unreadable(keys.getFirst(), ServerMessage.withoutValues(reason)), null, null));
        return 0;
    }

    private int settleHalves(List<RecordKey> keys, List<Found> differences) {
        int half = keys.size() / 2;
        return settleBatch(keys.subList(0, half), differences)
                + settleBatch(keys.subList(half, keys.size()), differences);
    }

    /** Tells whether a failure is due to the rows that were read, or their number. */
    static boolean isOfRows(RuntimeException failure) {
        return FailureClass.of(failure) == FailureClass.POISON || TooLargeException.isSaidBy(failure);
    }

    private int settleTogether(List<RecordKey> keys, List<Found> differences) {
        Set<RecordKey> batch = new HashSet<>(keys);
        Map<RecordKey, Difference> seenOnce = new HashMap<>();
        Deadline deadline = Deadline.after(patience);
        // Doubled once beyond the longest, which tells that this has lasted; without an end it would overflow.
        long most = 2 * LONGEST_PAUSE.toMillis();
        for (long pause = 2; !batch.isEmpty() && !deadline.isOver(); pause = Math.min(2 * pause, most)) {
            settle(batch, seenOnce, differences);
            if (pause > LONGEST_PAUSE.toMillis() && isFrozen()) {
                deadline = Deadline.after(Duration.ZERO);
            }
            if (!batch.isEmpty()) {
                Pause.of(
                        Duration.ofMillis(Math.min(pause, LONGEST_PAUSE.toMillis())),
                        e -> new CrossfadeException("The verification was interrupted.", e));
            }
        }
        return batch.size();
    }

    /**
     * Tells whether the entity is frozen. Nothing is applied then, so keys that wait for their mirror will not come to
     * rest.
     */
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
        // A row that was deleted and reinserted meanwhile, or the other way round, looks the same; its intent tells.
        pending.addAll(pending(keys));
        for (RecordKey key : keys) {
            if (pending.contains(key) || !Objects.equals(before.get(key), after.get(key))) {
                seenOnce.remove(key);
            } else {
                boolean legacyDecides = authority == Side.LEGACY;
                List<@Nullable String> legacy = legacyDecides ? before.get(key) : mirrored.get(key);
                List<@Nullable String> modern = legacyDecides ? mirrored.get(key) : before.get(key);
                Optional<Difference> difference = rows.difference(key, authority, legacy, modern);
                if (difference.isEmpty()) {
                    batch.remove(key);
                } else if (difference.get().equals(seenOnce.put(key, difference.get()))) {
                    batch.remove(key);
                    found.add(new Found(difference.get(), legacy, modern));
                }
            }
        }
    }

    /** Reads rows in the modern shape, as text. */
    private Map<RecordKey, List<@Nullable String>> read(Side side, List<RecordKey> keys) {
        return sides.read(side, connection -> rows.read(connection, side, keys));
    }

    /** Returns which of some keys have intents. */
    Set<RecordKey> pending(List<RecordKey> keys) {
        return sides.read(authority, connection -> waiting.of(connection, mapping.entity(), keys));
    }
}
