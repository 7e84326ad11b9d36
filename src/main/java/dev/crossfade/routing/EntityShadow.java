package dev.crossfade.routing;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.RecordComparison.Look;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowMismatch;
import dev.crossfade.shadow.ShadowReads;
import dev.crossfade.stages.EntityStage;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands a sample of an entity's reads over to be compared. They are run again on the shadow thread; only the record
 * from a read by key is used as the caller got it, because it is immutable. Thread-safe.
 *
 * @param <R> the record
 * @param <K> the key
 * @param <S> the interface of both sides
 */
final class EntityShadow<R, K, S extends Repository<R, K>> {

    private final TableMapping mapping;
    private final ShadowReads reads;
    private final RecordComparison<R, K> comparison;
    private final S legacy;
    private final S modern;

    EntityShadow(EntityType<R, K> type, ShadowReads reads, ShadowSettings settings, S legacy, S modern) {
        this.mapping = type.mapping();
        this.reads = reads;
        this.comparison = new RecordComparison<>(type, settings, reads.redaction());
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Maybe compares the legacy side's result of a read by key. */
    void find(EntityStage stage, K key, Optional<R> found) {
        Pairing pairing = reads.sampled(stage.stage());
        if (pairing != null) {
            Look look = new Look(pairing, "find");
            Reading<S, Optional<R>> reading =
                    new Reading<>(side -> side.find(key), side -> side.find(key), new SoftReference<>(found));
            reads.take(
                    new Sampled<>(stage, pairing, reading, (left, right) -> comparison.ofKey(look, key, left, right)));
        }
    }

    /** Maybe compares a read by many keys. */
    void findAll(EntityStage stage, Collection<? extends K> keys) {
        Pairing pairing = reads.sampled(stage.stage());
        if (pairing != null) {
            Look look = new Look(pairing, "find-all");
            List<K> copy = new ArrayList<>(keys);
            Reading<S, List<R>> reading = new Reading<>(side -> side.findAll(copy), side -> side.findAll(copy), null);
            reads.take(new Sampled<>(
                    stage, pairing, reading, (left, right) -> comparison.ofMany(look, false, left, right)));
        }
    }

    /** Maybe compares a page. */
    void page(EntityStage stage, @Nullable K after, int limit) {
        Pairing pairing = reads.sampled(stage.stage());
        if (pairing != null) {
            Look look = new Look(pairing, "page");
            Reading<S, List<R>> reading =
                    new Reading<>(side -> side.page(after, limit), side -> side.page(after, limit), null);
            reads.take(new Sampled<>(
                    stage, pairing, reading, (left, right) -> comparison.ofMany(look, true, left, right)));
        }
    }

    /** Maybe compares a finder of both sides. */
    <T> void finder(EntityStage stage, Function<? super S, T> fromEither) {
        Pairing pairing = reads.sampled(stage.stage());
        if (pairing != null) {
            Look look = new Look(pairing, "finder");
            reads.take(new Sampled<>(
                    stage,
                    pairing,
                    new Reading<>(fromEither, fromEither, null),
                    (left, right) -> comparison.ofAny(look, left, right)));
        }
    }

    /** Maybe compares a service's own read. */
    <T> void read(EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        Pairing pairing = reads.sampled(stage.stage());
        if (pairing != null) {
            Look look = new Look(pairing, "read");
            reads.take(new Sampled<>(
                    stage,
                    pairing,
                    new Reading<>(fromLegacy, fromModern, null),
                    (left, right) -> comparison.ofResult(look, left, right)));
        }
    }

    /**
     * How a read is run again.
     *
     * @param answered the caller's result, for the first look; null if it must be read again, cleared if memory was
     *         needed: many reads wait, and a record may be large
     */
    private record Reading<S, T>(
            Function<? super S, T> fromLegacy,
            Function<? super S, T> fromModern,
            @Nullable SoftReference<T> answered) {}

    private final class Sampled<T> implements ShadowReads.SampledRead {

        private final EntityStage stage;
        private final Pairing pairing;
        private final Reading<S, T> reading;
        private final BiFunction<T, T, List<ShadowMismatch>> difference;
        private boolean looked;

        Sampled(
                EntityStage stage,
                Pairing pairing,
                Reading<S, T> reading,
                BiFunction<T, T, List<ShadowMismatch>> difference) {
            this.stage = stage;
            this.pairing = pairing;
            this.reading = reading;
            this.difference = difference;
        }

        @Override
        public TableMapping mapping() {
            return mapping;
        }

        @Override
        public EntityStage stage() {
            return stage;
        }

        @Override
        public Pairing pairing() {
            return pairing;
        }

        @Override
        public List<ShadowMismatch> look() {
            SoftReference<T> given = looked ? null : reading.answered();
            T answered = given == null ? null : given.get();
            looked = true;
            T left = answered == null ? reading.fromLegacy().apply(legacy) : answered;
            T right = pairing == Pairing.LEGACY_WITH_MODERN
                    ? reading.fromModern().apply(modern)
                    : reading.fromLegacy().apply(legacy);
            return difference.apply(left, right);
        }
    }
}
