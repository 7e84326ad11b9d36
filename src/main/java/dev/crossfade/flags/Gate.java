package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A condition that must hold before an entity moves to a stage. Open or closed, its verdict says what was seen and
 * what is required, so that an operator also sees how close an open gate is to closing.
 */
public interface Gate {

    /**
     * A requested step.
     *
     * @param entity the entity
     * @param from its present standing
     * @param to the stage it is to move to
     * @param together the entities that move to that stage with it, with or without itself
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

        /** Tells whether the step goes towards the modern side; false for a step to the same stage. */
        public boolean isForward() {
            return to.compareTo(from.stage()) > 0;
        }

        /** Tells whether the step goes from one stage to another one. */
        public boolean isFromTo(Stage one, Stage other) {
            return from.stage() == one && to == other;
        }

        /** Tells whether mirroring ends with the step. */
        public boolean endsMirror() {
            return from.stage().mirrors() && !to.mirrors();
        }

        /** Tells whether the step ends mirroring, or starts it in a stage whose writers hold the authority lock. */
        public boolean switchesMirror() {
            return endsMirror() || from.stage() == Stage.MODERN_ONLY;
        }

        /** Tells whether the step moves the authority to the other side. */
        public boolean movesAuthority() {
            return from.stage().authority() != to.authority();
        }
    }

    /** The answer of a gate. */
    sealed interface Verdict {

        /** Tells whether the gate blocks the step. */
        default boolean isClosed() {
            return this instanceof Closed;
        }
    }

    /** The gate does not guard this step and checked nothing. */
    record NotConcerned() implements Verdict {}

    /**
     * The condition holds.
     *
     * @param seen what was found
     * @param required what is required
     */
    record Open(String seen, String required) implements Verdict {}

    /**
     * The condition does not hold.
     *
     * @param seen what was found
     * @param required what is required
     * @param remedy what to do next, in whole sentences
     * @param outlook how the gate opens in the normal course of events; empty if only a change of the mapping, a
     *         setting or rows opens it
     */
    record Closed(String seen, String required, String remedy, Optional<Outlook> outlook) implements Verdict {

        /** Returns a verdict for a gate that somebody has to open. */
        public Closed(String seen, String required, String remedy) {
            this(seen, required, remedy, Optional.empty());
        }

        /**
         * Returns a verdict for a gate that opens when something else progresses, for example a deployment or a
         * backfill.
         */
        public static Closed meanwhile(String seen, String required, String remedy) {
            return new Closed(seen, required, remedy, Optional.of(new Outlook.Unmeasured()));
        }

        /** Returns a verdict for a gate that opens when a count reaches zero. */
        public static Closed counting(String seen, String required, String remedy, long left, String things) {
            return new Closed(seen, required, remedy, Optional.of(new Outlook.Countdown(left, things)));
        }

        /** Returns what was seen against what is required, as one sentence. */
        public String reason() {
            return "%s; required: %s.".formatted(seen, required);
        }
    }

    /** How a closed gate opens without a change of the mapping, a setting or rows. */
    sealed interface Outlook {

        /** It is unknown how long it takes. */
        record Unmeasured() implements Outlook {}

        /**
         * It opens when nothing is left.
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

    /** Checks whether the condition holds for a step. It changes nothing and takes seconds at most. */
    Verdict check(Step step);
}
