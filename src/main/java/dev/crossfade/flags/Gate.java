package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A condition that must hold before an entity moves to a stage. Its verdict carries what was seen and what is required,
 * whichever way it goes, so that an operator sees how far a gate is from closing as well as why it is closed.
 */
public interface Gate {

    /**
     * The step that is asked for.
     *
     * @param entity the entity
     * @param from where it stands
     * @param to the stage it is to move to
     * @param together those that are moved to that stage with it, itself among them or not
     */
    record Step(String entity, Standing from, Stage to, Set<String> together) {

        /** Copies the names. */
        public Step {
            together = Set.copyOf(together);
        }

        /** Returns the step of one entity alone. */
        public Step(String entity, Standing from, Stage to) {
            this(entity, from, to, Set.of());
        }

        /** Tells whether the step goes towards the modern side; a step that stays where it is does not. */
        public boolean isForward() {
            return to.compareTo(from.stage()) > 0;
        }

        /** Tells whether the step goes from one stage to another one. */
        public boolean isFromTo(Stage one, Stage other) {
            return from.stage() == one && to == other;
        }

        /** Tells whether writes are not mirrored any more after the step. */
        public boolean endsMirror() {
            return from.stage().mirrors() && !to.mirrors();
        }

        /** Tells whether the step ends mirroring, or begins it in a stage whose writers hold the authority. */
        public boolean switchesMirror() {
            return endsMirror() || from.stage() == Stage.MODERN_ONLY;
        }

        /** Tells whether the step moves the authority to the other side. */
        public boolean movesAuthority() {
            return from.stage().authority() != to.authority();
        }
    }

    /** Whether the condition holds. */
    sealed interface Verdict {

        /** Tells whether the step is held up. */
        default boolean isClosed() {
            return this instanceof Closed;
        }
    }

    /** The gate does not guard the step, and looked at nothing. */
    record NotConcerned() implements Verdict {}

    /**
     * The condition holds.
     *
     * @param seen what was found
     * @param required what is asked for
     */
    record Open(String seen, String required) implements Verdict {}

    /**
     * The condition does not hold.
     *
     * @param seen what was found
     * @param required what is asked for
     * @param remedy what to do next, in whole sentences
     * @param outlook how it comes to open while everybody does what they do anyway; empty where only a change of the
     *     mapping, of a setting or of rows opens it
     */
    record Closed(String seen, String required, String remedy, Optional<Outlook> outlook) implements Verdict {

        /** Returns a gate that somebody has to open. */
        public Closed(String seen, String required, String remedy) {
            this(seen, required, remedy, Optional.empty());
        }

        /** Returns a gate that opens when others have gone on, for example a deployment or a backfill. */
        public static Closed meanwhile(String seen, String required, String remedy) {
            return new Closed(seen, required, remedy, Optional.of(new Outlook.Unmeasured()));
        }

        /** Returns a gate that opens when so many things fewer are left. */
        public static Closed counting(String seen, String required, String remedy, long left, String things) {
            return new Closed(seen, required, remedy, Optional.of(new Outlook.Countdown(left, things)));
        }

        /** Returns what was seen against what is required, as one sentence. */
        public String reason() {
            return "%s; required: %s.".formatted(seen, required);
        }
    }

    /** How a closed gate comes to open without a change. */
    sealed interface Outlook {

        /** Nothing tells how long it takes. */
        record Unmeasured() implements Outlook {}

        /**
         * When nothing is left, it opens.
         *
         * @param left how much is left now
         * @param things what is counted, in the plural
         */
        record Countdown(long left, String things) implements Outlook {}

        /** It opens after some time. */
        record Timed(Duration left) implements Outlook {}
    }

    /** The gate's name as operators read it; the same words, hyphenated, are its tag in the metrics. */
    String name();

    /** Looks whether the condition holds for a step. It changes nothing, and is done within seconds. */
    Verdict check(Step step);
}
