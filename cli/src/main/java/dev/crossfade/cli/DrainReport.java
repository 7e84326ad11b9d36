package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one pass of the worker did and left. */
record DrainReport(
        boolean level,
        long applied,
        long newlyMissed,
        int deferred,
        Map<String, Integer> missedWritesLeft,
        List<Swept> sweeps,
        List<String> troubles)
        implements Report {

    /**
     * What was compared.
     *
     * @param complete whether all keys have been; the next start goes on otherwise
     */
    record Swept(String entity, long rows, long found, long repaired, boolean complete) {}

    @Override
    public void print(Page page) {
        page.line("%s keys applied, %s newly missed.", Wording.count(applied), Wording.count(newlyMissed));
        if (deferred > 0) {
            page.line(
                    "%s: worked on elsewhere, or waiting for a row that they refer to.",
                    page.paint(Wording.count(deferred) + " keys are left", Tone.WARNING));
        }
        new TreeMap<>(missedWritesLeft)
                .forEach((entity, count) -> page.line(
                        "%s. See `crossfade queue list %s`.",
                        page.paint("%s missed writes of %s are left".formatted(Wording.count(count), entity), Tone.BAD),
                        entity));
        sweeps.forEach(swept -> page.line(
                "%s: %s rows swept%s, %s.",
                swept.entity(),
                Wording.count(swept.rows()),
                swept.complete() ? "" : " so far",
                swept.found() == 0
                        ? "no difference found"
                        : page.paint(
                                "%s differences found that nothing explains, %s repaired"
                                        .formatted(Wording.count(swept.found()), Wording.count(swept.repaired())),
                                Tone.BAD)));
        troubles.forEach(trouble -> page.line(page.paint("%s", Tone.BAD), trouble));
    }
}
