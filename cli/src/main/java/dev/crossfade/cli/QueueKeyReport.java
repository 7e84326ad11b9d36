package dev.crossfade.cli;

import dev.crossfade.cli.QueueReport.Missed;
import dev.crossfade.cli.StatusReport.IntentCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one key.
 *
 * @param missed its missed write, null if there is none
 * @param difference what the last verification of the entity found of it, null for nothing
 * @param actions what operators did to it, the newest first
 */
record QueueKeyReport(
        String entity,
        List<String> key,
        IntentCount intents,
        @Nullable Missed missed,
        @Nullable String difference,
        List<QueueAction> actions)
        implements Report {

    @Override
    public void print(Page page) {
        page.line("%s %s", entity, String.join(",", key));
        page.line("intents      %s", intents.text());
        page.line("verification %s", difference == null ? "no difference known" : difference);
        if (missed == null) {
            page.line("missed write none");
        } else {
            page.line("missed write %s: %s", missed.sqlState(), missed.message());
            page.line(
                    "             the %s side is behind since %s; %s; next try %s",
                    missed.mirror(),
                    Wording.moment(missed.firstMissedAt()),
                    missed.tries(),
                    missed.parked() ? "when it is retried: it is parked" : Wording.moment(missed.nextTryAt()));
        }
        page.gap();
        page.title("Actions");
        page.table(QueueAction.table(actions));
        if (actions.isEmpty()) {
            page.line("none");
        }
    }
}
