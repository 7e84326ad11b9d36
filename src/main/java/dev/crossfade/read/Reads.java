package dev.crossfade.read;

import dev.crossfade.guard.ModernReads;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Routes the reads of one repository: to the side that the stage asks for, or to the authoritative one while the
 * other may be stale or cannot answer. Thread-safe.
 *
 * @param <S> the type that reads one side
 */
public final class Reads<S> {

    private final String entity;
    private final Shared shared;
    private final ModernReads modernReads;
    private final ReadListener listener;
    private final boolean timed;
    private final S legacy;
    private final S modern;

    /** Creates the reads of an entity through one object for each side. */
    public Reads(String entity, Shared shared, S legacy, S modern) {
        this.entity = entity;
        this.shared = shared;
        this.modernReads = shared.modernReads();
        this.listener = shared.listener();
        this.timed = shared.timed();
        this.legacy = legacy;
        this.modern = modern;
    }

    /**
     * What an entity's reads share, in any transaction.
     *
     * @param modernReads whether the modern side is fit to answer while the legacy side decides
     * @param listener hears which side answered
     * @param timed whether the listener wants the time it took
     * @param translation translates a failure for the caller
     */
    public record Shared(
            ModernReads modernReads,
            ReadListener listener,
            boolean timed,
            UnaryOperator<RuntimeException> translation) {}

    /** Returns these reads through other objects for the sides. */
    public Reads<S> with(S otherLegacy, S otherModern) {
        return new Reads<>(entity, shared, otherLegacy, otherModern);
    }

    /**
     * Returns the side that answers a read of one key, given the one that the stage and its ramp want.
     *
     * @param key in the server's spelling; if that is unknown, the key counts as pending as soon as any key is
     */
    public Side fresh(ReadSession now, EntityStage stage, Side wanted, Optional<RecordKey> key) {
        Side authority = stage.stage().authority();
        Side fresh = key.isPresent()
                ? now.freshSide(entity, key.get(), wanted, authority)
                : now.freshSide(entity, wanted, authority);
        return noted(wanted, fresh);
    }

    /** Reads any records from the side that the stage asks for. */
    public <T> T any(
            ReadSession now, EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        Side wanted = stage.readSide();
        Side authority = stage.stage().authority();
        Side side = wanted != authority && now.mayBeBehind(entity)
                ? noted(wanted, now.freshSide(entity, wanted, authority))
                : wanted;
        return from(side, now, stage, fromLegacy, fromModern);
    }

    /** Reads from a side. */
    public <T> T from(
            Side side,
            ReadSession now,
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
            throw shared.translation().apply(e);
        } catch (Error e) {
            failed(stage, side, start);
            throw e;
        }
        answered(stage, side, start);
        return result;
    }

    /** Reads the modern side while the legacy side decides, or the legacy side if that is not possible. */
    private <T> T modern(
            ReadSession now, EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
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

    /**
     * Asks whether the modern side may be read while the legacy side decides; if so, the caller must report how it
     * ended.
     */
    public boolean beginModern() {
        if (modernReads.begin()) {
            return true;
        }
        listener.readFellBack(entity, FallBack.BREAKER_OPEN);
        return false;
    }

    /** Returns the time if someone wants it, otherwise 0. */
    public long startOfModern() {
        return timed || modernReads.isWatching() ? System.nanoTime() : 0;
    }

    /** Reports that the modern side answered. */
    public void modernAnswered(EntityStage stage, long start) {
        long nanos = start == 0 ? 0 : System.nanoTime() - start;
        modernReads.succeeded(nanos);
        if (timed) {
            listener.read(entity, stage.stage(), Side.MODERN, nanos);
        }
    }

    /** Reports that the modern side failed, so that the legacy side is read. */
    public void modernFailed(EntityStage stage, long start, Throwable failure) {
        modernReads.failed(start == 0 ? 0 : System.nanoTime() - start, failure);
        failed(stage, Side.MODERN, start);
        listener.readFellBack(entity, FallBack.FAILED);
    }

    /** Returns the time, but reads the clock only if someone wants it. */
    public long begin() {
        return timed ? System.nanoTime() : 0;
    }

    /** Reports that an authoritative side answered. */
    public void answered(EntityStage stage, Side side, long start) {
        if (timed) {
            listener.read(entity, stage.stage(), side, System.nanoTime() - start);
        }
    }

    /** Reports that an authoritative side failed to answer. */
    public void failed(EntityStage stage, Side side, long start) {
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
