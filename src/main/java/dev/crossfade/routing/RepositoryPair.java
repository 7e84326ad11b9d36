package dev.crossfade.routing;

import dev.crossfade.mapping.KeySpelling;
import dev.crossfade.model.Side;
import dev.crossfade.read.RampedReads;
import dev.crossfade.read.Reads;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.write.EntityWriter;
import dev.crossfade.write.RequestedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * Routes a pair of hand-written repositories as {@link DualWriteRepository} routes generated ones. A write runs the
 * implementation of the authoritative side in a transaction; then only the named keys are mirrored, through the
 * mapping: the other implementation is not called.
 *
 * <p>A write must touch no other records of the entity than those named, and nothing outside its context. Thread-safe,
 * except when bound to a transaction.
 *
 * @param <S> the interface that both sides implement
 * @param <K> the key
 */
public final class RepositoryPair<S, K> {

    private final HandWritten<S, K> pair;
    private final String entity;
    private final EntityRouter router;
    private final Session session;
    private final EntityWriter writer;
    private final RampedReads<K> ramped;
    private final KeySpelling spelling;
    private final Reads<Side> reads;

    /** Creates a pair whose calls each have a transaction of their own; registers the entity. */
    public RepositoryPair(Router router, HandWritten<S, K> pair) {
        this.pair = pair;
        this.entity = pair.mapping().entity();
        this.router = EntityRouter.of(router);
        this.session = this.router;
        this.writer = this.router.writer(pair.mapping());
        this.ramped = new RampedReads<>(pair.mapping(), pair::recordKey, this.router.tenants());
        this.spelling = KeySpelling.of(pair.mapping());
        this.reads = new Reads<>(entity, this.router.reads(entity), Side.LEGACY, Side.MODERN);
    }

    private RepositoryPair(RepositoryPair<S, K> from, Transaction transaction) {
        this.pair = from.pair;
        this.entity = from.entity;
        this.router = from.router;
        this.session = RoutedTransaction.of(transaction);
        this.writer = from.writer;
        this.ramped = from.ramped;
        this.spelling = from.spelling;
        this.reads = from.reads;
    }

    /** Returns this pair bound to a transaction; use it on the transaction's thread, until its end. */
    public RepositoryPair<S, K> in(Transaction transaction) {
        return new RepositoryPair<>(this, transaction);
    }

    /** Writes one record. */
    public void write(K key, Consumer<? super S> write) {
        writeAll(List.of(key), repository -> {
            write.accept(repository);
            return List.of();
        });
    }

    /**
     * Writes records; returns what {@code write} returns.
     *
     * @throws IllegalArgumentException if no key is named
     */
    public <T> T writeAll(Collection<? extends K> keys, Function<? super S, T> write) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "A write of " + entity + " names the keys that it may touch; there are none.");
        }
        List<T> result = new ArrayList<>(1);
        RequestedWrite change = new RequestedWrite.Declared(
                keys.stream().map(pair::recordKey).distinct().toList(), (dsl, authority) -> {
                    result.clear();
                    result.add(write.apply(on(authority, dsl)));
                });
        session.current().write(writer, entity, change);
        return result.getFirst();
    }

    /** Reads one record from the side that the stage asks for. */
    public <T> T read(K key, Function<? super S, T> read) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        Side side = ramped.side(stage, key);
        if (side != stage.stage().authority() && now.mayBeBehind(entity)) {
            side = reads.fresh(
                    now, stage, side, spelling.certain(pair.keyValues().apply(key)));
        }
        return reads.from(side, now, stage, from(now, read), from(now, read));
    }

    /** Reads any records from the side that the stage asks for. */
    public <T> T read(Function<? super S, T> read) {
        Session now = session.current();
        return reads.any(now, now.stage(entity), from(now, read), from(now, read));
    }

    /** The repositories are created when needed: with two databases the modern one may be down. */
    private <T> Function<Side, T> from(Session now, Function<? super S, T> read) {
        return side -> read.apply(on(side, now.dsl(side)));
    }

    private S on(Side side, DSLContext dsl) {
        return (side == Side.LEGACY ? pair.legacy() : pair.modern()).apply(dsl);
    }
}
