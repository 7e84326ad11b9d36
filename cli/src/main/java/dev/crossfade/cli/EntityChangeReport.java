package dev.crossfade.cli;

import dev.crossfade.entities.EntityNames.Ending;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of an entity's name.
 *
 * @param renamedTo the name that it has now, null if it was forgotten
 * @param ending done, completed (after an interruption) or done before
 */
record EntityChangeReport(String entity, @Nullable String renamedTo, String ending) implements Report {

    static EntityChangeReport of(String entity, @Nullable String renamedTo, Ending ending) {
        return new EntityChangeReport(
                entity, renamedTo, ending.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    @Override
    public void print(Page page) {
        page.line(
                "%s %s%s.",
                entity,
                renamedTo == null ? "is forgotten" : "is called " + renamedTo + " now",
                switch (ending) {
                    case "completed" -> "; an interrupted run was completed";
                    case "done before" -> "; nothing was left to do";
                    default -> "";
                });
        if (renamedTo != null) {
            page.line(
                    "Name it %s in the mapping file, and generate the repositories again before a service starts.",
                    renamedTo);
        }
    }
}
