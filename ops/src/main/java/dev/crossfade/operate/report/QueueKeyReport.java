package dev.crossfade.operate.report;

import dev.crossfade.operate.report.QueueReport.Missed;
import dev.crossfade.operate.report.StatusReport.IntentCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one key.
 *
 * @param missed its missed write, null if there is none
 * @param difference what the entity's last verification found for it, null for nothing
 * @param actions what operators did to it, the newest first
 */
public record QueueKeyReport(
        String entity,
        List<String> key,
        IntentCount intents,
        @Nullable Missed missed,
        @Nullable String difference,
        List<QueueAction> actions) {}
