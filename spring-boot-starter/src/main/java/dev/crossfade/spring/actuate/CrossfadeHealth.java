package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.Fleet.Member;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether this instance may write: the control database answers, and the fleet takes this instance to live with every
 * entity's present stage. A mirror that is down does not make a service unhealthy, nor does a
 * frozen entity: both are details. The service goes on, and nothing is mirrored until the mirror is back, or until an
 * operator has decided. Thread-safe.
 */
public final class CrossfadeHealth extends AbstractHealthIndicator {

    private final Crossfade crossfade;
    private final String instance;

    /** Asks for the health of this process's Crossfade. */
    public CrossfadeHealth(Crossfade crossfade) {
        super("The control database does not answer.");
        this.crossfade = crossfade;
        this.instance = Instance.ofThisProcess("").name();
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Map<String, String> stages = new TreeMap<>();
        for (TableMapping mapping : crossfade.mappings()) {
            stages.put(mapping.entity(), crossfade.stage(mapping.entity()).label());
        }
        health.withDetail("stages", stages);
        if (!crossfade.frozen().isEmpty()) {
            health.withDetail("frozen", new TreeMap<>(crossfade.frozen()));
        }
        crossfade.modernTrouble().ifPresent(trouble -> health.withDetail("modern", trouble));
        List<Member> live = new Fleet(crossfade.routing().dsl(Side.LEGACY)).live();
        health.withDetail("instances", live.size());
        boolean lives = live.stream()
                .filter(member -> member.instance().name().equals(instance))
                .anyMatch(member -> member.acknowledged().keySet().containsAll(stages.keySet()));
        if (lives) {
            health.up();
        } else {
            health.down()
                    .withDetail(
                            "reason",
                            "This instance has lost its heartbeat: the database refuses its writes until it has rejoined the fleet, which it does by itself.");
        }
    }
}
