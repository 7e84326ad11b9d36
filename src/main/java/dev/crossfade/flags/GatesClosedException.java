package dev.crossfade.flags;

import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gates are closed for the requested steps; nothing was changed. */
public final class GatesClosedException extends RefusedException {

    private static final long serialVersionUID = 1L;

    private final transient List<Step> steps;
    private final transient Map<String, Map<String, Closed>> closed;

    /**
     * Names every closed gate with its remedy.
     *
     * @param steps the requested steps
     * @param closed the closed gates of each entity, by name; entities without one are absent
     */
    GatesClosedException(List<Step> steps, Map<String, Map<String, Closed>> closed) {
        super(message(closed));
        this.steps = List.copyOf(steps);
        this.closed = new LinkedHashMap<>(closed);
    }

    /** Returns the closed gates of each entity, by name. */
    public Map<String, Map<String, Closed>> closed() {
        return Collections.unmodifiableMap(closed);
    }

    /** Tells whether all of them may open without a change of the mapping, a setting or rows. */
    public boolean mayOpen() {
        return mayOpen(closed);
    }

    /** Tells the same of closed gates, by entity and name. */
    public static boolean mayOpen(Map<String, Map<String, Closed>> closed) {
        return closed.values().stream()
                .flatMap(ofOne -> ofOne.values().stream())
                .allMatch(gate -> gate.outlook().isPresent());
    }

    List<Step> steps() {
        return steps;
    }

    private static String message(Map<String, Map<String, Closed>> closed) {
        List<String> lines = new ArrayList<>();
        closed.forEach((entity, ofOne) -> ofOne.forEach((gate, reason) -> lines.add(
                "Gate '%s' is closed for %s: %s %s".formatted(gate, entity, reason.reason(), reason.remedy()))));
        return String.join(System.lineSeparator(), lines);
    }
}
