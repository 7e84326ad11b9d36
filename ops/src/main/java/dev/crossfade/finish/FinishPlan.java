package dev.crossfade.finish;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.model.Stage;
import java.util.List;

/** How far the migration of an entity is from its end. */
public sealed interface FinishPlan {

    /** Returns the entity. */
    String entity();

    /** Whether an item has been done. */
    enum State {
        /** It has been done. */
        DONE,
        /** It has not been done. */
        TO_DO,
        /** It is in files that Crossfade cannot see. */
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
     * One item of the end of a migration.
     *
     * @param topic what it is about, in a word
     * @param text what is seen and what to do, in sentences
     */
    record Item(String topic, State state, String text) {}

    /**
     * The entity is contracted.
     *
     * @param items the items of the end, in the order to do them
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
     * @param missing what has to be done before it can be contracted, in order
     */
    record NotContracted(String entity, Stage stage, List<String> missing) implements FinishPlan {

        /** Copies what is missing. */
        public NotContracted {
            missing = List.copyOf(missing);
        }
    }
}
