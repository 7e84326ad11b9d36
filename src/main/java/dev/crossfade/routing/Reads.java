package dev.crossfade.routing;

import dev.crossfade.flags.EntityStage;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.function.Function;

/**
 * Routes the reads of one entity: to the side that the stage asks for, to the authoritative one while the other may be
 * behind or cannot answer. Thread-safe.
 */
final class Reads {

    private final Router router;
    private final String entity;
    private final ModernReads modernReads;

    Reads(Router router, String entity) {
        this.router = router;
        this.entity = entity;
        this.modernReads = router.modernReads(entity);
    }

    /** Returns the side that answers, given the one that the stage asks for, for a key. */
    Side fresh(Session now, EntityStage stage, Side wanted, RecordKey key) {
        return noted(wanted, now.freshSide(entity, key, wanted, stage.stage().authority()));
    }

    /** As {@link #fresh(Session, EntityStage, Side, RecordKey)}, for any keys. */
    Side fresh(Session now, EntityStage stage) {
        Side wanted = stage.readSide();
        Side authority = stage.stage().authority();
        return wanted != authority && now.mayBeBehind(entity)
                ? noted(wanted, now.freshSide(entity, wanted, authority))
                : wanted;
    }

    private Side noted(Side wanted, Side fresh) {
        if (fresh != wanted) {
            router.listener().readFellBack(entity, FallBack.PENDING);
        }
        return fresh;
    }

    /** Reads a side that decides. */
    <S, T> T authoritative(Side side, S repository, Function<? super S, T> read) {
        long start = System.nanoTime();
        T result = read.apply(repository);
        router.listener().read(entity, side, System.nanoTime() - start);
        return result;
    }

    /** Reads the modern side while the legacy side decides, and the legacy one where that cannot be done. */
    <S, T> T modern(
            Session now, S legacy, Function<? super S, T> fromLegacy, S modern, Function<? super S, T> fromModern) {
        if (!modernReads.begin()) {
            router.listener().readFellBack(entity, FallBack.BREAKER_OPEN);
            return authoritative(Side.LEGACY, legacy, fromLegacy);
        }
        long start = System.nanoTime();
        T result;
        try {
            result = now.guarded(Side.MODERN, modern, fromModern);
        } catch (RuntimeException | Error e) {
            modernReads.failed(System.nanoTime() - start, e);
            router.listener().readFellBack(entity, FallBack.FAILED);
            return authoritative(Side.LEGACY, legacy, fromLegacy);
        }
        long nanos = System.nanoTime() - start;
        modernReads.succeeded(nanos);
        router.listener().read(entity, Side.MODERN, nanos);
        return result;
    }
}
