package dev.crossfade.worker;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.Drain.Round;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One entity's turns: what waits for its mirror is worked off batch by batch; after a failure it pauses by itself. */
final class EntityTurn {

    private static final Logger LOG = LoggerFactory.getLogger(EntityTurn.class);

    private final TableMapping mapping;
    private final Drain drain;
    private final Duration grace;
    private final Backoff backoff = new Backoff();
    private long notBefore = System.nanoTime();
    private long applied;
    private long missed;
    private int deferred;
    private Optional<String> trouble = Optional.empty();

    EntityTurn(TableMapping mapping, Drain drain, Duration grace) {
        this.mapping = mapping;
        this.drain = drain;
        this.grace = grace;
    }

    String entity() {
        return mapping.entity();
    }

    /** Returns how many keys were brought up to date. */
    long applied() {
        return applied;
    }

    /** Returns how many keys did not fit and were recorded as missed. */
    long missed() {
        return missed;
    }

    /** Returns how many keys the last turn had to leave for later. */
    int deferred() {
        return deferred;
    }

    /** Returns what the last turn failed of, empty if it did not. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Works off one batch of intents and one of due missed writes, unless it pauses; tells whether it got on. */
    boolean take() {
        if (System.nanoTime() - notBefore < 0) {
            return false;
        }
        try {
            Round intents = drain.intents(mapping, grace);
            Round retries = drain.missedWrites(mapping);
            applied += intents.applied() + retries.applied();
            missed += intents.missed() + retries.missed();
            deferred = intents.deferred() + retries.deferred();
            log(intents, retries);
            recovered();
            return intents.applied() + intents.missed() + retries.applied() + retries.missed() > 0;
        } catch (RuntimeException e) {
            failed(e);
        }
        return false;
    }

    private void log(Round intents, Round retries) {
        if (!intents.isIdle() || !retries.isIdle()) {
            LOG.info(
                    "{}: {} applied, {} deferred, {} missed",
                    entity(),
                    intents.applied() + retries.applied(),
                    intents.deferred() + retries.deferred(),
                    intents.missed() + retries.missed());
        }
    }

    private void recovered() {
        trouble = Optional.empty();
        if (backoff.succeeded()) {
            LOG.info("{}: works again.", entity());
        }
    }

    private void failed(RuntimeException failure) {
        String message = describe(failure);
        trouble = Optional.of(message);
        Duration pause = backoff.failed();
        notBefore = System.nanoTime() + pause.toNanos();
        if (!(failure instanceof CrossfadeException) && !(failure instanceof DataAccessException)) {
            LOG.error("{}: an error that nobody expected; the worker tries again.", entity(), failure);
        } else if (backoff.hasJustBegun()) {
            LOG.warn("{} The worker keeps trying, with growing pauses.", message);
        }
        LOG.debug("{}: next try in {} ms", entity(), pause.toMillis(), failure);
    }

    /** What the pool or jOOQ wrap around it is left out, and what follows the first line too: it may quote rows. */
    private String describe(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable beneath = failure;
        for (@Nullable Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            beneath = cause instanceof SQLException ? cause : beneath;
        }
        @Nullable Throwable quoted = failure.getCause();
        String said = firstLine(String.valueOf(beneath.getMessage()));
        return failure instanceof CrossfadeException
                ? firstLine(
                        quoted == null || quoted.getMessage() == null
                                ? message
                                : message.replace(quoted.getMessage(), said))
                : "%s: the database failed: %s".formatted(entity(), said);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
