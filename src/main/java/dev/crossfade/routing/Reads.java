package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import java.util.Optional;
import java.util.function.Function;

/**
 * Routes the reads of one repository: to the side that the stage asks for, or to the authoritative one while the other
 * may be behind or cannot answer. Thread-safe.
 *
 * @param <S> what reads one side
 */
final class Reads<S> {

    private final Router router;
    private final String entity;
    private final ModernReads modernReads;
    private final RoutingListener listener;
    private final boolean timed;
    private final S legacy;
    private final S modern;

    Reads(Router router, String entity, S legacy, S modern) {
        this.router = router;
        this.entity = entity;
        this.modernReads = router.modernReads(entity);
        this.listener = router.listener();
        this.timed = !listener.equals(RoutingListener.NONE);
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Returns these reads through other objects for the sides. */
    Reads<S> with(S otherLegacy, S otherModern) {
        return new Reads<>(router, entity, otherLegacy, otherModern);
    }

    /**
     * Returns the side that answers a read of one key, given the one that the stage and its ramp want.
     *
     * @param key in the server's spelling; where that is not known, the key is taken for one that is pending if any is
     */
    Side fresh(Session now, EntityStage stage, Side wanted, Optional<RecordKey> key) {
        Side authority = stage.stage().authority();
        Side fresh = key.isPresent()
                ? now.freshSide(entity, key.get(), wanted, authority)
                : now.freshSide(entity, wanted, authority);
        return noted(wanted, fresh);
    }

    /** Reads any records from the side that the stage asks for. */
    <T> T any(Session now, EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        Side wanted = stage.readSide();
        Side authority = stage.stage().authority();
        Side side = wanted != authority && now.mayBeBehind(entity)
                ? noted(wanted, now.freshSide(entity, wanted, authority))
                : wanted;
        return from(side, now, stage, fromLegacy, fromModern);
    }

    /** Reads from a side. */
    <T> T from(
            Side side,
            Session now,
            EntityStage stage,
            Function<? super S, T> fromLegacy,
            Function<? super S, T> fromModern) {
        if (side != stage.stage().authority()) {
            return modern(now, stage, fromLegacy, fromModern);
        }
        return side == Side.LEGACY
                ? authoritative(side, stage, legacy, fromLegacy)
                : authoritative(side, stage, modern, fromModern);
    }

    private <T> T authoritative(Side side, EntityStage stage, S repository, Function<? super S, T> read) {
        long start = begin();
        T result;
        try {
            result = read.apply(repository);
        } catch (RuntimeException e) {
            failed(stage, side, start);
            throw router.translated(e);
        } catch (Error e) {
            failed(stage, side, start);
            throw e;
        }
        answered(stage, side, start);
        return result;
    }

    /** Reads the modern side while the legacy side decides, and the legacy one where that cannot be done. */
    private <T> T modern(
            Session now, EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        if (!beginModern()) {
            return authoritative(Side.LEGACY, stage, legacy, fromLegacy);
        }
        long start = startOfModern();
        T result;
        try {
            result = now.guarded(Side.MODERN, modern, fromModern);
        } catch (RuntimeException | Error e) {
            modernFailed(stage, start, e);
            return authoritative(Side.LEGACY, stage, legacy, fromLegacy);
        }
        modernAnswered(stage, start);
        return result;
    }

    /** Asks whether the modern side may be read while the legacy side decides; if so, say how that ended. */
    boolean beginModern() {
        if (modernReads.begin()) {
            return true;
        }
        listener.readFellBack(entity, FallBack.BREAKER_OPEN);
        return false;
    }

    /** Looks at the clock if someone wants to know; 0 says that nobody does. */
    long startOfModern() {
        return timed || modernReads.isWatching() ? System.nanoTime() : 0;
    }

    void modernAnswered(EntityStage stage, long start) {
        long nanos = start == 0 ? 0 : System.nanoTime() - start;
        modernReads.succeeded(nanos);
        if (timed) {
            listener.read(entity, stage.stage(), Side.MODERN, nanos);
        }
    }

    void modernFailed(EntityStage stage, long start, Throwable failure) {
        modernReads.failed(start == 0 ? 0 : System.nanoTime() - start, failure);
        failed(stage, Side.MODERN, start);
        listener.readFellBack(entity, FallBack.FAILED);
    }

    /** Looks at the clock only if someone wants to know. */
    long begin() {
        return timed ? System.nanoTime() : 0;
    }

    void answered(EntityStage stage, Side side, long start) {
        if (timed) {
            listener.read(entity, stage.stage(), side, System.nanoTime() - start);
        }
    }

    void failed(EntityStage stage, Side side, long start) {
        if (timed) {
            listener.readFailed(entity, stage.stage(), side, System.nanoTime() - start);
        }
    }

    private Side noted(Side wanted, Side fresh) {
        if (fresh != wanted) {
            listener.readFellBack(entity, FallBack.PENDING);
        }
        return fresh;
    }
}
