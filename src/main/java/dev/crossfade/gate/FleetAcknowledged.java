package dev.crossfade.gate;

import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.Fleet;
import java.util.List;

/** Every live instance that serves the entity has applied its present stage. */
final class FleetAcknowledged implements Gate {

    private final Fleet fleet;

    FleetAcknowledged(Fleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public String name() {
        return "fleet acknowledged";
    }

    @Override
    public Verdict check(Step step) {
        List<String> behind = fleet.live().stream()
                .filter(member -> member.acknowledged().getOrDefault(step.entity(), Long.MAX_VALUE)
                        < step.from().epoch())
                .map(member -> member.instance().name())
                .toList();
        return behind.isEmpty()
                ? new Open()
                : new Closed(
                        "%d live instances have not applied stage %s yet: %s."
                                .formatted(behind.size(), step.from().stage().label(), String.join(", ", behind)),
                        "Wait for their longest transaction, or stop them.");
    }
}
