package dev.crossfade.flags;

import org.jooq.DSLContext;
import java.util.function.BiConsumer;
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
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no stage that was decided is forgotten. The control database may have been promoted or restored
 * without its last change; the modern database's fences and the live instances still know it. What was decided is
 * recorded again; and as whoever lost that may have lost writes too, the entity is frozen until an operator has looked.
 * Thread-safe.
 */
public final class StandingWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StandingWatch.class);
    private static final StageLog.Author AUTHOR =
            new StageLog.Author("crossfade", "recorded again: the control database had lost it");

    /** How long it may take to record again what was lost, while writers come and go. */
    private static final Duration RECORDING = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Databases databases;
    private final IdentityWatch identities;
    /**
     * What was ahead of the control database at the last look: a change that is under way is recorded within a second.
     */
    private final Map<String, Standing> ahead = new HashMap<>();

    private volatile Optional<String> trouble = Optional.empty();

    /** Watches the databases of both sides. */
    public StandingWatch(Databases databases) {
        this.databases = databases;
        this.identities = new IdentityWatch(databases);
    }

    /**
     * Compares what the control database says with the fences of the modern database and with what the caller knows.
     *
     * @param known where the caller saw entities before
     * @throws DataAccessException if the control database cannot be read
     * @throws UnavailableException if the legacy database has lost its past and the modern one cannot be asked: which
     *     stage was decided last cannot be told
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
            // Not asked a second time: a host that swallows packets would be waited for once more.
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

    /** Returns why the modern database could not be asked at the last look, empty if it could. */
    public Optional<String> trouble() {
        return trouble;
    }

    /**
     * For who is about to act on what the control database says, after a look: where the entity is frozen, waits until
     * nothing newer is known.
     *
     * @throws UnavailableException if the fence cannot be read, and the control database may have lost what was
     *     decided; or if the modern database's fence is ahead all the time: the control database has lost what was
     *     decided, and it cannot be recorded again, or it cannot be told whether it was decided
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

    /** Returns what a frozen entity's fence says that its record does not. */
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

    /** If the modern database was the one that lost something, the record is what was decided last. */
    private static void requireFrozenByModern(String entity, String frozen, DataAccessException failure) {
        if (!IdentityWatch.isOfModern(frozen)) {
            throw new UnavailableException(
                    "%s is frozen: %s Which stage was decided last cannot be told while the modern database cannot be asked. Bring it back first. The server said: %s"
                            .formatted(entity, frozen, ServerMessage.sentence(ServerMessage.ofDriver(failure))),
                    failure);
        }
        LOG.debug("The fence of {} in the modern database cannot be read.", entity, failure);
    }

    /** Tells whether a standing is not what another one, which was seen before, has become. */
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

    /** A fence that is behind is raised, unless the entity is being renamed: its fence has another name then. */
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

    /**
     * A fence that is ahead of the record is a change under way, one that was interrupted, or all that is left of one.
     */
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
     * Each database says by itself that an entity is frozen. Nobody thaws it meanwhile: that takes the lock on its
     * stage.
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

    /** Looks, and says in the log what it could not look at. */
    public void lookQuietly(Map<String, Standing> known) {
        try {
            look(known);
        } catch (CrossfadeException | DataAccessException e) {
            LOG.debug("The databases cannot be compared.", e);
        }
    }
}
