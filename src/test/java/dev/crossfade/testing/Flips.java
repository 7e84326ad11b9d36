package dev.crossfade.testing;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Moves the stages of the users of {@link Users} as a command does, without the instances of a test. */
public final class Flips {

    private Flips() {}

    /**
     * Returns a changer without gates.
     *
     * @param deadline how long a flip keeps trying
     */
    public static StageChanger ofUsers(Databases databases, Duration deadline) {
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        AuthorityFlip flip = new AuthorityFlip(databases, drain, entity -> Optional.of(Users.MAPPING), deadline);
        return new StageChanger(databases, List.of(), flip, GateListener.NONE);
    }
}
