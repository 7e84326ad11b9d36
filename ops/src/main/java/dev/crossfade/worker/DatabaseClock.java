package dev.crossfade.worker;

import com.github.kagkarlsson.scheduler.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * The control database's clock, so that workers on machines with different clocks agree on what is due and who has
 * died. It is read from time to time; in between, this machine's clock measures the elapsed time. Thread-safe.
 */
final class DatabaseClock implements Clock {

    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant now() {
        return Instant.now().plus(ahead);
    }

    /** Reads the database's clock. */
    void adjust(DSLContext control) {
        Instant before = Instant.now();
        OffsetDateTime there = control.select(DSL.field("clock_timestamp()", OffsetDateTime.class))
                .fetchSingle()
                .value1();
        Instant after = Instant.now();
        ahead = Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), there.toInstant());
    }
}
