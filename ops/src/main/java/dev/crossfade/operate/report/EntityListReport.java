package dev.crossfade.operate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tables belong to which entity.
 *
 * @param unfinished commands that were interrupted, and are to be given again
 */
public record EntityListReport(List<Entity> entities, List<String> unfinished) {

    /**
     * An entity.
     *
     * @param contracted how its legacy structures went, null while it has them
     * @param legacy its legacy table, null if it has not been registered since tables are recorded
     * @param modern its modern table, null as well
     */
    public record Entity(
            String entity,
            String stage,
            StatusReport.@Nullable Contracted contracted,
            @Nullable String legacy,
            @Nullable String modern) {}
}
