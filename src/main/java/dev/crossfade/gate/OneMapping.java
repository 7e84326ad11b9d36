package dev.crossfade.gate;

import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.Fleet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All live instances map the entity alike: two mappings at once would write different mirrors, by turns. It guards steps
 * towards the modern side; a step back makes the mirror matter less.
 */
final class OneMapping implements Gate {

    private final Fleet fleet;

    OneMapping(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public String name() {
        return "one mapping";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isForward()) {
            return new NotConcerned();
        }
        String required = "every live instance has the same mapping";
        Map<String, TreeSet<String>> instances = new TreeMap<>();
        fleet.live().forEach(member -> {
            String mapping = member.mappings().get(step.entity());
            if (mapping != null) {
                instances
                        .computeIfAbsent(mapping, name -> new TreeSet<>())
                        .add(member.instance().name() + " " + member.instance().version());
            }
        });
        if (instances.size() <= 1) {
            String seen = instances.isEmpty()
                    ? "no live instance serves it"
                    : "mapping " + instances.keySet().iterator().next();
            return new Open(seen, required);
        }
        return new Closed(
                instances.entrySet().stream()
                        .map(one -> "mapping %s on %s".formatted(one.getKey(), String.join(", ", one.getValue())))
                        .collect(Collectors.joining("; ")),
                required,
                "Deploy one version of the service everywhere; then run `crossfade verify %s --repair`."
                        .formatted(step.entity()));
    }
}
