package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.model.Stage;
import java.util.List;

/**
 * What moving entities did.
 *
 * @param stage where all of them stand now
 * @param changes those that moved
 * @param alreadyThere those that had been there
 */
record StageChangeReport(String stage, List<Change> changes, List<String> alreadyThere) implements Report {

    /** One entity's move. */
    record Change(String entity, String from, String to, List<Overruled> overruled) {}

    /** A gate that was closed and overruled. */
    record Overruled(String gate, String seen, String required) {}

    static StageChangeReport of(Stage stage, List<String> entities, List<StageChanger.Change> changes) {
        List<Change> moved = changes.stream()
                .map(change -> new Change(
                        change.entity(),
                        change.from().label(),
                        change.to().label(),
                        change.overruled().entrySet().stream()
                                .map(gate -> new Overruled(
                                        gate.getKey(),
                                        gate.getValue().seen(),
                                        gate.getValue().required()))
                                .toList()))
                .toList();
        List<String> names = moved.stream().map(Change::entity).toList();
        return new StageChangeReport(
                stage.label(),
                moved,
                entities.stream()
                        .distinct()
                        .filter(entity -> !names.contains(entity))
                        .toList());
    }

    @Override
    public void print(Page page) {
        for (Change change : changes) {
            page.line("%s moved from %s to %s.", change.entity(), change.from(), page.paint(change.to(), Tone.TITLE));
            change.overruled()
                    .forEach(gate -> page.line(
                            "  %s '%s': %s; required: %s.",
                            page.paint("overruled gate", Tone.WARNING), gate.gate(), gate.seen(), gate.required()));
        }
        alreadyThere.forEach(entity -> page.line("%s is at %s already.", entity, stage));
    }
}
