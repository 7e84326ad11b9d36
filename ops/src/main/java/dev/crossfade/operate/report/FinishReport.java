package dev.crossfade.operate.report;

import dev.crossfade.finish.FinishPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do for an entity.
 *
 * @param contracted how its legacy structures were dropped, null while it has them
 * @param missing what has to be done before it can be contracted, in order
 * @param items the items of the end, in the order to do them
 */
public record FinishReport(
        String entity, StatusReport.@Nullable Contracted contracted, List<String> missing, List<Item> items) {

    /**
     * One item of the end of a migration.
     *
     * @param state {@code done}, {@code to do}, or {@code to check} where it is in files that Crossfade cannot see
     */
    public record Item(String topic, String state, String text) {}

    public static FinishReport of(FinishPlan plan) {
        return switch (plan) {
            case FinishPlan.Contracted done ->
                new FinishReport(
                        done.entity(),
                        StatusReport.Contracted.of(done.contraction()),
                        List.of(),
                        done.items().stream()
                                .map(item -> new Item(item.topic(), item.state().label(), item.text()))
                                .toList());
            case FinishPlan.NotContracted not -> new FinishReport(not.entity(), null, not.missing(), List.of());
        };
    }
}
