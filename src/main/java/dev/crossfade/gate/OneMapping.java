package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Requires that all live instances and the caller have the same mapping of the entity: two mappings at once would
 * keep overwriting each other's mirror rows. It guards steps towards the modern side; after a step back the mirror
 * matters less.
 */
final class OneMapping implements Gate {

    private final DSLContext control;
    private final Mappings mappings;

    OneMapping(DSLContext control, Mappings mappings) {
        this.control = control;
        this.mappings = mappings;
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
        Optional<String> here = mappings.find(step.entity()).map(TableMapping::fingerprint);
        Optional<String> fleets = AuthorityTable.fence(control, step.entity()).flatMap(Fence::mapping);
        if (here.isPresent() && fleets.isPresent() && !here.equals(fleets)) {
            return new Closed(
                    "the mapping here is %s, the fleet mirrors by %s".formatted(here.get(), fleets.get()),
                    required,
                    "Use the mapping file of the version that runs, or deploy this one.");
        }
        new Fleet(control).live().forEach(member -> {
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
        return Closed.meanwhile(
                instances.entrySet().stream()
                        .map(one -> "mapping %s on %s".formatted(one.getKey(), String.join(", ", one.getValue())))
                        .collect(Collectors.joining("; ")),
                required,
                "Deploy one version of the service everywhere; then run `crossfade verify %s --repair`."
                        .formatted(step.entity()));
    }
}
