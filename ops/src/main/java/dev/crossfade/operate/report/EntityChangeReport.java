package dev.crossfade.operate.report;

import dev.crossfade.entities.EntityNames.Ending;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a change of an entity's name ended.
 *
 * @param renamedTo its new name, null if it was forgotten
 * @param ending done, completed (after an interruption) or done before
 */
public record EntityChangeReport(String entity, @Nullable String renamedTo, String ending) {

    public static EntityChangeReport of(String entity, @Nullable String renamedTo, Ending ending) {
        return new EntityChangeReport(
                entity, renamedTo, ending.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
