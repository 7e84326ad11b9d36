package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.model.Side;
import dev.crossfade.spring.actuate.BoundedLook.UnansweredException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of one side's data source. It is Spring Boot's own while that side is authoritative for an entity of this
 * instance. While the side only holds mirrors, which the service does without, it is unknown instead of down, and not
 * waited for. Thread-safe.
 */
public final class SideHealth implements HealthIndicator {

    private final HealthIndicator ofDataSource;
    private final Side side;
    private final Crossfade crossfade;
    private final BoundedLook<Health> look;

    /** Replaces the health of a side's data source. */
    public SideHealth(HealthIndicator ofDataSource, Side side, Crossfade crossfade) {
        this.ofDataSource = ofDataSource;
        this.side = side;
        this.crossfade = crossfade;
        this.look = new BoundedLook<>(
                "crossfade-health-" + side.label(),
                () -> Objects.requireNonNullElseGet(
                        ofDataSource.health(), () -> Health.unknown().build()));
    }

    @Override
    public @Nullable Health health() {
        if (DecidingSides.of(crossfade).contains(side)) {
            return ofDataSource.health();
        }
        try {
            Health seen = look.answer();
            return seen.getStatus().equals(Status.UP)
                    ? seen
                    : unknown().withDetails(seen.getDetails()).build();
        } catch (UnansweredException e) {
            return unknown().withDetail("error", String.valueOf(e.getMessage())).build();
        }
    }

    private Health.Builder unknown() {
        return Health.unknown()
                .withDetail(
                        "mirror",
                        "The %s side decides for no entity of this instance: the service goes on without it, and what is written is mirrored when it is back."
                                .formatted(side.label()));
    }
}
