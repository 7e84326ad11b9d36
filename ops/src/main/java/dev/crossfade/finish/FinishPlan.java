package dev.crossfade.finish;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.model.Stage;
import java.util.List;

/** How far the migration of an entity is from its end. */
public sealed interface FinishPlan {

    /** Returns the entity. */
    String entity();

    /** Whether something has been done. */
    enum State {
        /** It has. */
        DONE,
        /** It has not. */
        TO_DO,
        /** It is in files that cannot be seen from here. */
        TO_CHECK;

        /** Returns the word for it in reports. */
        public String label() {
            return switch (this) {
                case DONE -> "done";
                case TO_DO -> "to do";
                case TO_CHECK -> "to check";
            };
        }
    }

    /**
     * Something that belongs to the end.
     *
     * @param topic what it is about, in a word
     * @param text what is seen and what to do, in sentences
     */
    record Item(String topic, State state, String text) {}

    /**
     * The entity is contracted.
     *
     * @param items what belongs to the end, in the order in which to do it
     */
    record Contracted(String entity, Contraction contraction, List<Item> items) implements FinishPlan {

        /** Copies the items. */
        public Contracted {
            items = List.copyOf(items);
        }
    }

    /**
     * The entity is not contracted.
     *
     * @param stage where it stands
     * @param missing what has to be done before it is, in order
     */
    record NotContracted(String entity, Stage stage, List<String> missing) implements FinishPlan {

        /** Copies what is missing. */
        public NotContracted {
            missing = List.copyOf(missing);
        }
    }
}
