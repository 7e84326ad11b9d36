package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.finish.FinishPlan;
import dev.crossfade.finish.FinishPlan.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do for an entity.
 *
 * @param contracted how its legacy structures went, null while it has them
 * @param missing what has to be done before it is contracted, in order
 * @param items what belongs to the end, in the order in which to do it
 */
record FinishReport(String entity, StatusReport.@Nullable Contracted contracted, List<String> missing, List<Item> items)
        implements Report {

    /**
     * Something that belongs to the end.
     *
     * @param state {@code done}, {@code to do}, or {@code to check} where it is in files that cannot be seen from here
     */
    record Item(String topic, String state, String text) {

        private String mark(Page page) {
            Tone tone = state.equals(State.DONE.label())
                    ? Tone.GOOD
                    : state.equals(State.TO_DO.label()) ? Tone.WARNING : Tone.PLAIN;
            return page.paint(state, tone);
        }
    }

    static FinishReport of(FinishPlan plan) {
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

    @Override
    public void print(Page page) {
        if (contracted == null) {
            page.line("%s is not contracted yet.", entity);
            missing.forEach(line -> page.line("- %s", line));
            return;
        }
        page.line(
                "%s is contracted since %s, by migration %s.",
                entity, Wording.moment(contracted.at()), String.join(", ", contracted.migrations()));
        int number = 1;
        for (Item item : items) {
            page.line("%s. %s (%s): %s", number++, item.topic(), item.mark(page), item.text());
        }
    }
}
