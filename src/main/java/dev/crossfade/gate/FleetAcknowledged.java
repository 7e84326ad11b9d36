package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Member;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Requires that every live instance that serves the entity has applied its present stage. It guards steps back too:
 * instances two stages apart would write without seeing each other's side.
 */
final class FleetAcknowledged implements Gate {

    static final String NAME = "fleet acknowledged";

    private final Fleet fleet;
    private final DSLContext control;

    FleetAcknowledged(Fleet fleet, DSLContext control) {
        this.fleet = fleet;
        this.control = control;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Step step) {
        return of(step.entity(), step.from());
    }

    /** Says it of an entity where it stands. */
    Verdict of(String entity, Standing standing) {
        String stage = standing.stage().label();
        List<Member> serving = fleet.live().stream()
                .filter(member -> member.acknowledged().containsKey(entity))
                .toList();
        List<String> behind = serving.stream()
                .filter(member -> member.acknowledged().getOrDefault(entity, Long.MAX_VALUE) < standing.epoch())
                .map(member -> member.instance().name())
                .toList();
        String required = "every live instance has applied epoch " + standing.epoch();
        List<String> ahead = serving.stream()
                .filter(member -> member.acknowledged().getOrDefault(entity, 0L) > standing.epoch())
                .map(member -> member.instance().name())
                .toList();
        if (!ahead.isEmpty() && hasMovedOn(entity, standing)) {
            return new Closed("it has been moved meanwhile", required, "Look where it stands now, and try again.");
        }
        if (!ahead.isEmpty()) {
            return new Closed(
                    "%s live instances know a newer epoch than the control database: %s"
                            .formatted(ahead.size(), String.join(", ", ahead)),
                    required,
                    "The control database has gone back in time. See `crossfade recover %s`.".formatted(entity));
        }
        if (!behind.isEmpty()) {
            return Closed.counting(
                    "%s live instances have not applied stage %s yet: %s"
                            .formatted(behind.size(), stage, String.join(", ", behind)),
                    required,
                    "Wait for their longest transaction, or stop them.",
                    behind.size(),
                    "instances");
        }
        return new Open(
                serving.isEmpty()
                        ? "no live instance serves it"
                        : "all %s live instances have applied stage %s".formatted(serving.size(), stage),
                required);
    }

    /**
     * Instances hear of a step after it was recorded. If they know one that the control database does not, its record
     * was lost.
     */
    private boolean hasMovedOn(String entity, Standing standing) {
        return AuthorityTable.find(control, entity)
                .filter(now -> now.epoch() > standing.epoch())
                .isPresent();
    }
}
