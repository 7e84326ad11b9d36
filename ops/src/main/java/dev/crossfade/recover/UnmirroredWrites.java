package dev.crossfade.recover;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MirrorRecords;
import dev.crossfade.queue.MirrorRecords.Noted;
import dev.crossfade.queue.MissedRecords;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.ServerMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the writes that a promoted or restored authoritative side still has and that never reached the mirror. Its old
 * intents alone do not tell: the server that it replaced applied some of them, and then mirrored newer writes that are
 * lost here. The mirror has recorded which ones were applied. The others are noted again and so count as written
 * since: they are kept, whichever side wins.
 *
 * <p>Nothing is applied while the entity is frozen, so neither the intents nor the records change meanwhile. Where the
 * records do not reach back to the promotion, nothing is noted: the operator's word decides these keys.
 */
final class UnmirroredWrites {

    private static final int PAGE = 10_000;
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(2), Duration.ZERO);

    private final Databases databases;
    private final StandingHold hold;
    private final String entity;
    private final Side authority;

    /** Works on a frozen entity at the stage where {@code hold} saw it. */
    UnmirroredWrites(Databases databases, StandingHold hold) {
        this.databases = databases;
        this.hold = hold;
        this.entity = hold.entity();
        this.authority = hold.seen().stage().authority();
    }

    /**
     * Notes these writes again; those that are noted already stay as they are. Does nothing in one database, where
     * both sides have gone back together.
     *
     * @throws dev.crossfade.control.StandingChangedException if the recorded stage is another one
     * @throws dev.crossfade.model.RefusedException if the entity is not frozen any more
     */
    void noteAgain() {
        if (databases.areShared()) {
            return;
        }
        try {
            CanonicalTransaction.in(
                    databases.of(authority.opposite()),
                    LIMITS,
                    mirror -> CanonicalTransaction.in(databases.of(authority), LIMITS, deciding -> {
                        hold.beforeDeciding(deciding);
                        return noteAgain(mirror, deciding);
                    }));
        } catch (SQLException e) {
            throw new UnavailableException(
                    "What was written to %s and not mirrored cannot be found: %s Run the same command again."
                            .formatted(entity, ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    private int noteAgain(Connection mirror, Connection deciding) throws SQLException {
        Optional<Instant> lastSign = lastSign(deciding);
        if (lastSign.isEmpty() || !MirrorRecords.reachBackTo(mirror, entity, lastSign.get())) {
            return 0;
        }
        int noted = 0;
        Map<Intent, Noted> page = Intents.notedBefore(deciding, entity, 0, PAGE);
        while (!page.isEmpty()) {
            long last = page.keySet().stream().mapToLong(Intent::id).max().orElseThrow();
            page.values().removeAll(MirrorRecords.seen(mirror, entity, page.values()));
            Intents.noteAgain(deciding, entity, page.keySet());
            noted += page.size();
            page = Intents.notedBefore(deciding, entity, last, PAGE);
        }
        return noted + noteMissed(mirror, deciding);
    }

    /**
     * Notes missed writes again, where the legacy side is authoritative. Otherwise they are in the other side's
     * database, and nobody knows whether that has gone back further than the missed write.
     */
    private int noteMissed(Connection mirror, Connection deciding) throws SQLException {
        int noted = 0;
        List<Noted> page;
        for (@Nullable RecordKey after = null;
                authority == Side.LEGACY && !(page = MissedRecords.recorded(deciding, entity, after, PAGE)).isEmpty();
                after = page.getLast().key()) {
            Set<Noted> seen = MirrorRecords.seen(mirror, entity, page);
            Set<RecordKey> keys = page.stream()
                    .filter(one -> !seen.contains(one))
                    .map(Noted::key)
                    .collect(Collectors.toSet());
            keys.removeAll(Intents.notedHere(deciding, entity, keys));
            noted += Intents.append(deciding, entity, keys).size();
        }
        return noted;
    }

    /** Returns the last time at which the lost server certainly was alive. */
    private Optional<Instant> lastSign(Connection deciding) throws SQLException {
        Optional<Instant> noted = Intents.lastNotedBefore(deciding);
        Optional<Instant> missed =
                authority == Side.LEGACY ? MissedRecords.lastMissed(deciding, entity) : Optional.empty();
        return Stream.of(noted, missed).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }
}
