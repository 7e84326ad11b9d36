package dev.crossfade.routing;

import dev.crossfade.mapping.KeySpelling;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.read.RampedReads;
import dev.crossfade.read.Reads;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.write.EntityWriter;
import dev.crossfade.write.RequestedWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * The repository that a service uses: writes the authoritative side of the entity's stage, mirrors the keys written,
 * and reads the side that the stage asks for. A save that returned is seen by later reads on the same instance.
 *
 * @param <R> the record
 * @param <K> the key
 * @param <S> the generated interface that both sides implement
 */
public abstract class DualWriteRepository<R, K, S extends Repository<R, K>> implements Repository<R, K> {

    private final EntityType<R, K> type;
    private final String entity;
    private final EntityRouter router;
    private final Session session;
    private final EntityWriter writer;
    private final Reads<S> reads;
    private final S legacy;
    private final S modern;
    private final RampedReads<K> ramped;
    private final KeySpelling spelling;
    /** Null within a transaction: nobody else can repeat its reads. */
    private final @Nullable EntityShadow<R, K, S> shadow;

    /** Creates a repository whose statements each have a transaction of their own; registers the entity. */
    protected DualWriteRepository(Router router, EntityType<R, K> type, S legacy, S modern) {
        this.type = type;
        this.entity = type.mapping().entity();
        this.router = EntityRouter.of(router);
        this.session = this.router;
        this.ramped = new RampedReads<>(type.mapping(), type::recordKey, this.router.tenants());
        this.spelling = KeySpelling.of(type.mapping());
        this.shadow = new EntityShadow<>(
                type, this.router.shadowReads(), this.router.settings().shadow(), legacy, modern);
        this.writer = this.router.writer(type.mapping());
        this.reads = new Reads<>(entity, this.router.reads(entity), legacy, modern);
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Creates a copy that is bound to a transaction. */
    protected DualWriteRepository(DualWriteRepository<R, K, S> from, Transaction transaction, S legacy, S modern) {
        this.type = from.type;
        this.entity = from.entity;
        this.router = from.router;
        this.session = RoutedTransaction.of(transaction);
        this.ramped = from.ramped;
        this.spelling = from.spelling;
        this.shadow = null;
        this.writer = from.writer;
        this.reads = from.reads.with(legacy, modern);
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Returns the entity's mapping, for example for a {@link HandWritten} pair beside this repository. */
    public TableMapping mapping() {
        return type.mapping();
    }

    @Override
    public void save(R record) {
        saveAll(List.of(record));
    }

    @Override
    public void saveAll(Collection<? extends R> records) {
        if (!records.isEmpty()) {
            session.current().write(writer, entity, new RequestedWrite.Save(SideRepository.rows(type, records)));
        }
    }

    @Override
    public boolean delete(K key) {
        return deleteAll(List.of(key)) > 0;
    }

    @Override
    public int deleteAll(Collection<? extends K> keys) {
        return keys.isEmpty()
                ? 0
                : session.current().write(writer, entity, new RequestedWrite.Delete(SideRepository.keys(type, keys)));
    }

    /**
     * Waits until this instance's writes to a record are on the mirror too, or the time is up. Reads need no such
     * wait: a side that has the write answers them. Writes count once their transaction has ended. If the server's
     * spelling of the key is unknown, it waits for all records of the entity.
     *
     * @return whether all these writes are mirrored; false also for a missed write
     */
    public boolean awaitMirror(K key, Duration atMost) throws InterruptedException {
        Optional<RecordKey> spelled = spelling.certain(type.keyValues(key));
        return spelled.isPresent()
                ? router.pending().await(entity, spelled.get(), atMost)
                : router.pending().awaitAll(entity, atMost);
    }

    /**
     * Writes through a jOOQ statement of your own on the authoritative side; the keys that it returns are mirrored.
     * Its RETURNING clause must contain the key columns, and it must not change them.
     *
     * @return how many records were written
     * @throws InvalidInputException if the statement does not return the key, or changes it
     */
    public int write(
            Function<DSLContext, ? extends ResultQuery<?>> onLegacy,
            Function<DSLContext, ? extends ResultQuery<?>> onModern) {
        return write(onLegacy, onModern, row -> row).size();
    }

    /**
     * As {@link #write(Function, Function)}; returns what {@code reader} makes of each row that the statement returned,
     * for example a generated key.
     */
    public <T> List<T> write(
            Function<DSLContext, ? extends ResultQuery<?>> onLegacy,
            Function<DSLContext, ? extends ResultQuery<?>> onModern,
            Function<? super Record, T> reader) {
        List<T> returned = new ArrayList<>();
        RequestedWrite change = new RequestedWrite.Custom((dsl, authority) -> {
            ReturnedKeys keys = new ReturnedKeys(entity, type.mapping().relation(authority));
            ResultQuery<?> query = (authority == Side.LEGACY ? onLegacy : onModern).apply(dsl);
            Result<?> rows = dsl.fetch(keys.prepare(query));
            returned.clear();
            rows.forEach(row -> returned.add(reader.apply(row)));
            return keys.of(rows);
        });
        session.current().write(writer, entity, change);
        return returned;
    }

    @Override
    public Optional<R> find(K key) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        Side authority = stage.stage().authority();
        Side side = ramped.side(stage, key);
        if (side != authority && now.mayBeBehind(entity)) {
            side = reads.fresh(now, stage, side, spelling.certain(type.keyValues(key)));
        }
        if (side != authority) {
            return findModern(now, stage, key);
        }
        Optional<R> found = find(side, stage, key);
        if (shadow != null && now == router) {
            shadow.find(stage, key, found);
        }
        return found;
    }

    /** As {@link Reads#from}, without allocating for a read of one record. */
    private Optional<R> findModern(Session now, EntityStage stage, K key) {
        if (now != router) {
            Function<Repository<R, K>, Optional<R>> find = repository -> repository.find(key);
            return reads.from(Side.MODERN, now, stage, find, find);
        }
        if (!reads.beginModern()) {
            return find(Side.LEGACY, stage, key);
        }
        long start = reads.startOfModern();
        Optional<R> found;
        try {
            found = modern.find(key);
        } catch (RuntimeException | Error e) {
            reads.modernFailed(stage, start, e);
            return find(Side.LEGACY, stage, key);
        }
        reads.modernAnswered(stage, start);
        return found;
    }

    private Optional<R> find(Side authority, EntityStage stage, K key) {
        long start = reads.begin();
        Optional<R> found;
        try {
            found = (authority == Side.LEGACY ? legacy : modern).find(key);
        } catch (RuntimeException e) {
            reads.failed(stage, authority, start);
            throw router.translated(e);
        } catch (Error e) {
            reads.failed(stage, authority, start);
            throw e;
        }
        reads.answered(stage, authority, start);
        return found;
    }

    @Override
    public List<R> findAll(Collection<? extends K> keys) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        List<R> found = reads.any(now, stage, side -> side.findAll(keys), side -> side.findAll(keys));
        if (shadow != null && now == router) {
            shadow.findAll(stage, keys);
        }
        return found;
    }

    @Override
    public List<R> page(@Nullable K after, int limit) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        List<R> found = reads.any(now, stage, side -> side.page(after, limit), side -> side.page(after, limit));
        if (shadow != null && now == router) {
            shadow.page(stage, after, limit);
        }
        return found;
    }

    /**
     * Reads through a function of your own for each side; the stage picks the one that runs. While the legacy side
     * decides, a failure of the modern function runs the legacy one instead. Both must be free of side effects: a
     * sample is run again, on both sides, on another thread, and the results are compared by {@code equals}.
     */
    public <T> T read(Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        T result = reads.any(now, stage, fromLegacy, fromModern);
        if (shadow != null && now == router) {
            shadow.read(stage, fromLegacy, fromModern);
        }
        return result;
    }

    /** Reads through the same call on the side that the stage picks. */
    protected <T> T read(Function<? super S, T> fromEither) {
        Session now = session.current();
        EntityStage stage = now.stage(entity);
        T result = reads.any(now, stage, fromEither, fromEither);
        if (shadow != null && now == router) {
            shadow.finder(stage, fromEither);
        }
        return result;
    }

    /** Returns the legacy side's repository, bound to the same transaction. */
    protected S legacy() {
        return legacy;
    }

    /** Returns the modern side's repository, bound to the same transaction. */
    protected S modern() {
        return modern;
    }
}
