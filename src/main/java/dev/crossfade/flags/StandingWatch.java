package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.control.IdentityWatch.IdentityComparison;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that no decided stage is forgotten. The control database may have been promoted or restored without its
 * last change; the modern database's fences and the live instances still know it. The change is recorded again. A
 * database that lost it may have lost writes too, so the entity is frozen until an operator decides. Thread-safe.
 */
public final class StandingWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StandingWatch.class);
    private static final StageLog.Author AUTHOR =
            new StageLog.Author("crossfade", "recorded again: the control database had lost it");

    /** How long recording a lost change again may take, while writers are active. */
    private static final Duration RECORDING = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Databases databases;
    private final IdentityWatch identities;
    /**
     * Standings ahead of the control database at the last look; a change that is under way is recorded within a
     * second.
     */
    private final Map<String, Standing> ahead = new HashMap<>();

    private volatile Optional<String> trouble = Optional.empty();

    /** Watches the databases of both sides. */
    public StandingWatch(Databases databases) {
        this.databases = databases;
        this.identities = new IdentityWatch(databases);
    }

    /**
     * Compares the control database's standings with the fences of the modern database and with what the caller
     * knows.
     *
     * @param known standings that the caller saw before
     * @throws DataAccessException if the control database cannot be read
     * @throws UnavailableException if the legacy database has lost data and the modern one cannot be read: then the
     *         last decided stage is unknown
     */
    public synchronized void look(Map<String, Standing> known) {
        IdentityComparison comparison = identities.compare();
        Optional<String> change = comparison.change();
        Map<String, Fence> recorded = AuthorityTable.fences(databases.controlDsl());
        known.forEach((entity, standing) -> compare(entity, recorded.get(entity), standing));
        if (databases.areShared()) {
            return;
        }
        if (comparison.unreachable() != null) {
            // Does not try a second time: a host that drops packets would cost another wait.
            goOnWithout(comparison.unreachable(), change);
            return;
        }
        try {
            Map<String, Fence> fences = AuthorityTable.fences(databases.dsl(Side.MODERN));
            trouble = Optional.empty();
            recorded.forEach(
                    (entity, fence) -> compare(entity, fence, Optional.ofNullable(fences.get(entity)), change));
        } catch (DataAccessException e) {
            goOnWithout(e, change);
        }
    }

    private void goOnWithout(Exception failure, Optional<String> change) {
        trouble = Optional.of(ServerMessage.ofDriver(failure));
        if (change.isPresent()) {
            throw new UnavailableException(
                    change.get()
                            + " Which stage was decided last cannot be told while the modern database cannot be asked. Bring it back first.",
                    failure);
        }
        LOG.debug("The fences of the modern database cannot be read.", failure);
    }

    /** Returns why the modern database could not be read at the last look, empty if it could. */
    public Optional<String> trouble() {
        return trouble;
    }

    /**
     * Waits, if the entity is frozen, until nothing newer than the control database's record is known. For callers
     * that are about to act on that record, after a look.
     *
     * @throws UnavailableException if the fence cannot be read and the control database may have lost a decided
     *         change; or if the modern database's fence stays ahead: the lost change cannot be recorded again, or it
     *         is unknown whether it was decided
     */
    public void awaitNewest(String entity) {
        Deadline deadline = Deadline.after(RECORDING);
        for (Optional<Standing> newer = lost(entity); newer.isPresent(); newer = lost(entity)) {
            if (deadline.isOver()) {
                throw new UnavailableException(
                        "%s is frozen, and the modern database's fence says %s (epoch %s), which the control database does not know: which stage was decided last cannot be told. See `crossfade recover %s`."
                                .formatted(
                                        entity,
                                        newer.get().stage().label(),
                                        newer.get().epoch(),
                                        entity),
                        null);
            }
            Pause.unlessInterrupted(PAUSE);
            look(Map.of());
        }
    }

    /** Returns the standing of a frozen entity's fence if its record has lost that. */
    private Optional<Standing> lost(String entity) {
        Optional<Fence> recorded = AuthorityTable.fence(databases.controlDsl(), entity);
        if (databases.areShared() || frozen(recorded).isEmpty()) {
            return Optional.empty();
        }
        try {
            return AuthorityTable.fence(databases.dsl(Side.MODERN), entity)
                    .map(Fence::standing)
                    .filter(fenced -> fenced.epoch() > recorded.get().standing().epoch());
        } catch (DataAccessException e) {
            requireFrozenByModern(entity, frozen(recorded).get(), e);
            return Optional.empty();
        }
    }

    /** If the modern database lost data, the record is the last decision. */
    private static void requireFrozenByModern(String entity, String frozen, DataAccessException failure) {
        if (!IdentityWatch.isOfModern(frozen)) {
            throw new UnavailableException(
                    "%s is frozen: %s Which stage was decided last cannot be told while the modern database cannot be asked. Bring it back first. The server said: %s"
                            .formatted(entity, frozen, ServerMessage.sentence(ServerMessage.ofDriver(failure))),
                    failure);
        }
        LOG.debug("The fence of {} in the modern database cannot be read.", entity, failure);
    }

    /** Tells whether a standing cannot be a successor of one that was seen before. */
    public static boolean isBehind(Standing present, Standing known) {
        return present.epoch() < known.epoch()
                || (present.epoch() == known.epoch() && present.stage() != known.stage());
    }

    private void compare(String entity, @Nullable Fence recorded, Standing known) {
        if (recorded != null && isBehind(recorded.standing(), known)) {
            freeze(
                    entity,
                    recorded,
                    "the control database says %s (epoch %s), and %s (epoch %s) was decided before."
                            .formatted(
                                    recorded.standing().stage().label(),
                                    recorded.standing().epoch(),
                                    known.stage().label(),
                                    known.epoch()));
            recordAgain(entity, recorded.standing(), known);
        }
    }

    private void compare(String entity, Fence recorded, Optional<Fence> fence, Optional<String> change) {
        Standing present = recorded.standing();
        if (fence.isEmpty() || fence.get().standing().epoch() < present.epoch()) {
            raise(entity, present);
            ahead.remove(entity);
            return;
        }
        Standing fenced = fence.get().standing();
        if (change.isPresent() && !fence.get().decided() && fenced.epoch() > present.epoch()) {
            throw new UnavailableException(
                    "%s The modern database was told of %s (epoch %s) for %s; whether that was recorded cannot be told. Start an instance that knows it first, or see `crossfade recover %s`."
                            .formatted(change.get(), fenced.stage().label(), fenced.epoch(), entity, entity),
                    null);
        }
        if (fenced.equals(present)) {
            ahead.remove(entity);
            if (!fence.get().decided()) {
                AuthorityTable.confirm(databases.dsl(Side.MODERN), entity, present.epoch());
            }
        } else if (fence.get().decided()) {
            settle(entity, recorded, fenced, change);
        }
        shareFreeze(entity, recorded, fence.get());
    }

    /** Raises a stale fence, unless the entity is being renamed: then its fence has another name. */
    private void raise(String entity, Standing present) {
        try {
            inBoth((control, modern) -> {
                EntityTables.share(control);
                FormerEntities.requireSettled(control, entity);
                if (AuthorityTable.find(control, entity).equals(Optional.of(present))) {
                    AuthorityTable.raise(modern, entity, present);
                }
            });
        } catch (RefusedException | DataAccessException e) {
            LOG.debug("The fence of {} stays as it is.", entity, e);
        }
    }

    /** A fence ahead of the record is a change under way, an interrupted one, or the last trace of a lost one. */
    private void settle(String entity, Fence recorded, Standing fenced, Optional<String> change) {
        boolean lasts = fenced.equals(ahead.put(entity, fenced));
        boolean lost = change.isPresent() || recorded.frozen().isPresent();
        if (lost && fenced.epoch() > recorded.standing().epoch()) {
            recordAgain(entity, recorded.standing(), fenced);
        } else if (lasts && !lost && recorded.standing().stage().authority() == Side.MODERN) {
            HalfDoneFlip.complete(databases, entity);
        } else if (lasts) {
            freeze(
                    entity,
                    recorded,
                    "the control database says %s (epoch %s), and the modern database's fence %s (epoch %s)."
                            .formatted(
                                    recorded.standing().stage().label(),
                                    recorded.standing().epoch(),
                                    fenced.stage().label(),
                                    fenced.epoch()));
        }
    }

    private void recordAgain(String entity, Standing present, Standing decided) {
        if (decided.epoch() > present.epoch() && HalfDoneFlip.record(databases, entity, present, decided, AUTHOR)) {
            LOG.error(
                    "{}: the control database had gone back to {} (epoch {}); {} (epoch {}) is recorded again.",
                    entity,
                    present.stage().label(),
                    present.epoch(),
                    decided.stage().label(),
                    decided.epoch());
        }
    }

    private void freeze(String entity, Fence recorded, String reason) {
        if (recorded.frozen().isEmpty() && AuthorityTable.freeze(databases.controlDsl(), entity, reason) > 0) {
            LOG.error("{} is frozen: {} See `crossfade recover {}`.", entity, reason, entity);
        }
    }

    /**
     * Copies a freeze to the database that does not have it. Nobody thaws the entity meanwhile: that takes the lock
     * on its stage.
     */
    private void shareFreeze(String entity, Fence recorded, Fence fence) {
        if (recorded.frozen().isPresent() == fence.frozen().isPresent()) {
            return;
        }
        inBoth((control, modern) -> {
            StageLog.lock(control, entity);
            Optional<String> here = frozen(AuthorityTable.fence(control, entity));
            Optional<String> there = frozen(AuthorityTable.fence(modern, entity));
            here.ifPresent(reason -> AuthorityTable.freeze(modern, entity, reason));
            there.ifPresent(reason -> AuthorityTable.freeze(control, entity, reason));
        });
    }

    /**
     * Does something in a transaction of the control database and on a connection to the modern one, which is taken
     * first: it may have to be waited for, and whoever compares the databases takes them in this order, too.
     */
    private void inBoth(BiConsumer<DSLContext, DSLContext> work) {
        databases
                .dsl(Side.MODERN)
                .connection(modern -> ControlTransaction.across(databases.controlDsl())
                        .run(control -> work.accept(control, Databases.dsl(modern))));
    }

    private static Optional<String> frozen(Optional<Fence> fence) {
        return fence.flatMap(Fence::frozen);
    }

    /** Looks, and logs what it could not read. */
    public void lookQuietly(Map<String, Standing> known) {
        try {
            look(known);
        } catch (CrossfadeException | DataAccessException e) {
            LOG.debug("The databases cannot be compared.", e);
        }
    }
}
