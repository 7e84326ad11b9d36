package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.IdentityWatch;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Settles the stage of a frozen entity, and ends its freeze once the operator's decision has been carried out. */
public final class StandingRecovery {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String LOCK_TIMEOUT = "3s";

    private final Databases databases;
    private final String entity;

    /** Works on an entity; both databases must answer. */
    public StandingRecovery(Databases databases, String entity) {
        this.databases = databases;
        this.entity = entity;
    }

    /**
     * Records the entity's standing in both databases, under the locks of a change, and freezes it. Afterwards
     * whoever acted under an older epoch or under another stage of the same epoch has ended or is refused.
     *
     * @param from the entity's standing in the control database, empty if that has lost it
     * @param decided the standing to record; its epoch is above every known one
     * @param frozen why it is frozen
     * @throws RefusedException if continuous writes prevent it, or the standing in the control database has changed
     * @throws UnavailableException if a database fails; the standing may be recorded in the modern one alone, so read
     *         it again
     */
    public void record(Optional<Standing> from, Standing decided, String frozen, Author author) {
        Deadline deadline = Deadline.after(DEADLINE);
        while (!tryRecord(from, decided, frozen, author)) {
            if (deadline.isOver()) {
                throw new RefusedException(
                        "A transaction has been writing %s for more than %s s. Find it in pg_locks, end it or wait, and run the same command again."
                                .formatted(entity, DEADLINE.toSeconds()));
            }
            Pause.of(
                    PAUSE, e -> new CrossfadeException("The recovery was interrupted. Run the same command again.", e));
        }
    }

    private boolean tryRecord(Optional<Standing> from, Standing decided, String frozen, Author author) {
        List<Step> locked = List.of(new Step(entity, decided, decided.stage()));
        try (FlipTransactions transactions = FlipTransactions.begin(databases)) {
            if (!transactions.keepWritersOut(locked) || !transactions.keepAppliersOut(locked)) {
                return false;
            }
            DSLContext control = transactions.dsl(Side.LEGACY);
            StageLog.recordRecovered(control, entity, from, decided, author);
            AuthorityTable.freeze(control, entity, frozen);
            if (!databases.areShared()) {
                DSLContext modern = transactions.dsl(Side.MODERN);
                AuthorityTable.raise(modern, entity, decided);
                AuthorityTable.freeze(modern, entity, frozen);
            }
            transactions.commit();
            return true;
        } catch (SQLException | DataAccessException e) {
            if (FlipTransactions.hasRunOut(e)) {
                return false;
            }
            throw new UnavailableException(
                    "Where %s stands could not be recorded: %s Run the same command again."
                            .formatted(entity, ServerMessage.sentence(ServerMessage.of(e))),
                    e);
        }
    }

    /**
     * Ends the freeze in both databases and accepts them as they are now. The modern one commits first: if the
     * control database then fails, the entity stays frozen, and the call must be repeated.
     *
     * @param last records more in the control database's transaction
     */
    public void thaw(Consumer<DSLContext> last) {
        ControlTransaction.across(databases.controlDsl()).run(control -> {
            control.fetch("select set_config('lock_timeout', ?, true)", LOCK_TIMEOUT);
            StageLog.lock(control, entity);
            if (databases.areShared()) {
                thaw(control, null, last);
            } else {
                ControlTransaction.across(databases.dsl(Side.MODERN)).run(modern -> {
                    modern.fetch("select set_config('lock_timeout', ?, true)", LOCK_TIMEOUT);
                    thaw(control, modern, last);
                });
            }
        });
    }

    private void thaw(DSLContext control, @Nullable DSLContext modern, Consumer<DSLContext> last) {
        IdentityWatch.accept(control, modern);
        if (modern != null) {
            AuthorityTable.thaw(modern, entity);
        }
        AuthorityTable.thaw(control, entity);
        last.accept(control);
    }
}
