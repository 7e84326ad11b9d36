package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.Fleet.Member;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.spring.actuate.BoundedLook.UnansweredException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether this instance may write. The databases of its entities' authoritative sides must answer. Where the
 * legacy side is authoritative for one, the fleet must also count this instance as alive and up to date with every
 * entity's stage. A mirror database that is down, or a frozen entity, does not make the service unhealthy; both are
 * details. The service keeps running, and nothing is mirrored until the mirror is back or an operator has decided.
 * Thread-safe.
 */
public final class CrossfadeHealth extends AbstractHealthIndicator {

    private final Crossfade crossfade;
    private final String instance;
    private final BoundedLook<List<Member>> mirroringControl;

    /** Creates the health of this process's Crossfade. */
    public CrossfadeHealth(Crossfade crossfade) {
        super("A database that decides does not answer.");
        this.crossfade = crossfade;
        this.instance = Instance.ofThisProcess("").name();
        this.mirroringControl = new BoundedLook<>("crossfade-health-control", this::live);
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
        Set<Side> deciding = DecidingSides.of(crossfade);
        if (deciding.contains(Side.MODERN)) {
            crossfade.routing().dsl(Side.MODERN).fetchValue("select 1");
        }
        if (crossfade.isOneDatabase() || deciding.contains(Side.LEGACY)) {
            judge(health, live(), stages);
        } else {
            // The modern database alone holds what proves this instance to writers. The stages stay as last known.
            showControl(health);
        }
    }

    private List<Member> live() {
        return new Fleet(crossfade.routing().dsl(Side.LEGACY)).live();
    }

    private void judge(Health.Builder health, List<Member> live, Map<String, String> stages) {
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

    private void showControl(Health.Builder health) {
        health.up();
        try {
            health.withDetail("instances", mirroringControl.answer().size());
        } catch (UnansweredException e) {
            health.withDetail("legacy", "The control database cannot be used. " + e.getMessage());
        }
    }
}
