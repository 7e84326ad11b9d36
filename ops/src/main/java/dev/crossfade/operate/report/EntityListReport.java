package dev.crossfade.operate.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tables belong to which entity.
 *
 * @param unfinished commands that were interrupted and have to be run again
 */
public record EntityListReport(List<Entity> entities, List<String> unfinished) {

    /**
     * An entity.
     *
     * @param contracted how its legacy structures were dropped, null while it has them
     * @param legacy its legacy table, null if it was last registered before tables were recorded
     * @param modern its modern table, null as well
     */
    public record Entity(
            String entity,
            String stage,
            StatusReport.@Nullable Contracted contracted,
            @Nullable String legacy,
            @Nullable String modern) {}
}
