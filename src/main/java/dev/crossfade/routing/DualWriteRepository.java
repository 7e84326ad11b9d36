package dev.crossfade.routing;

import dev.crossfade.flags.EntityStage;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TextValue;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Named;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * The repository that a service uses: writes the authoritative side of the entity's stage, mirrors the keys written, and
 * reads the side that the stage asks for. A save that returned is seen by later reads on the same instance.
 *
 * @param <R> the record
 * @param <K> the key
 * @param <S> the generated interface that both sides implement
 */
public abstract class DualWriteRepository<R, K, S extends Repository<R, K>> implements Repository<R, K> {

    private final EntityType<R, K> type;
    private final String entity;
    private final Router router;
    private final Session session;
    private final EntityWriter writer;
    private final S legacy;
    private final S modern;
    private final boolean timed;
    private final RampedReads<K> ramped;
    /** Null within a transaction, whose reads nobody else can repeat. */
    private final @Nullable EntityShadow<R, K, S> shadow;

    /** Makes a repository whose statements each have a transaction of their own; registers the entity. */
    protected DualWriteRepository(Router router, EntityType<R, K> type, S legacy, S modern) {
        this.type = type;
        this.entity = type.mapping().entity();
        this.router = router;
        this.session = router;
        this.timed = !router.listener().equals(RoutingListener.NONE);
        this.ramped = new RampedReads<>(type, router.tenants());
        this.shadow = new EntityShadow<>(type, router.shadowReads(), legacy, modern);
        this.writer = router.writer(type.mapping());
        this.legacy = legacy;
        this.modern = modern;
    }

    /** Makes a copy that is bound to a transaction. */
    protected DualWriteRepository(DualWriteRepository<R, K, S> from, Transaction transaction, S legacy, S modern) {
        this.type = from.type;
        this.entity = from.entity;
        this.router = from.router;
        this.session = transaction;
        this.timed = from.timed;
        this.ramped = from.ramped;
        this.shadow = null;
        this.writer = from.writer;
        this.legacy = legacy;
        this.modern = modern;
    }

    @Override
    public void save(R record) {
        saveAll(List.of(record));
    }

    @Override
    public void saveAll(Collection<? extends R> records) {
        if (!records.isEmpty()) {
            session.write(writer, entity, new Change.Save(SideRepository.rows(type, records)));
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
                : session.write(writer, entity, new Change.Delete(SideRepository.keys(type, keys)))
                        .size();
    }

    /**
     * Writes through a jOOQ statement of your own on whichever side is authoritative; the keys that it returns are
     * mirrored. Its RETURNING clause must contain the key columns, and it must not change them.
     *
     * @return how many records were written
     * @throws InvalidInputException if the statement does not return the key, or changes it
     */
    public int write(
            Function<DSLContext, ? extends ResultQuery<?>> onLegacy,
            Function<DSLContext, ? extends ResultQuery<?>> onModern) {
        Change change = new Change.Custom(
                (dsl, authority) -> run(dsl, authority == Side.LEGACY ? onLegacy : onModern, authority));
        return session.write(writer, entity, change).size();
    }

    @Override
    public Optional<R> find(K key) {
        EntityStage stage = session.stage(entity);
        Side side = fresh(stage, key);
        long start = begin();
        Optional<R> found;
        try {
            found = (side == Side.LEGACY ? legacy : modern).find(key);
        } catch (RuntimeException | Error e) {
            failed(stage, side, start);
            throw e;
        }
        answered(stage, side, start);
        if (shadow != null) {
            shadow.find(stage, key, found);
        }
        return found;
    }

    @Override
    public List<R> findAll(Collection<? extends K> keys) {
        EntityStage stage = session.stage(entity);
        List<R> found = read(stage, side -> side.findAll(keys), side -> side.findAll(keys));
        if (shadow != null) {
            shadow.findAll(stage, keys);
        }
        return found;
    }

    @Override
    public List<R> page(@Nullable K after, int limit) {
        EntityStage stage = session.stage(entity);
        List<R> found = read(stage, side -> side.page(after, limit), side -> side.page(after, limit));
        if (shadow != null) {
            shadow.page(stage, after, limit);
        }
        return found;
    }

    /**
     * Reads through a function of your own for each side; the stage picks the one that runs. Both must be free of effects:
     * a sample is run again, on both sides, on another thread, and the results are compared by {@code equals}.
     */
    public <T> T read(Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        EntityStage stage = session.stage(entity);
        T result = read(stage, fromLegacy, fromModern);
        if (shadow != null) {
            shadow.read(stage, fromLegacy, fromModern);
        }
        return result;
    }

    /** Reads through the same call on whichever side the stage picks. */
    protected <T> T read(Function<? super S, T> fromEither) {
        EntityStage stage = session.stage(entity);
        T result = read(stage, fromEither, fromEither);
        if (shadow != null) {
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

    private <T> T read(EntityStage stage, Function<? super S, T> fromLegacy, Function<? super S, T> fromModern) {
        Side wanted = stage.readSide();
        Side side = session.freshSide(entity, wanted, stage.stage().authority());
        noteFallBack(wanted, side);
        long start = begin();
        T result;
        try {
            result = side == Side.LEGACY ? fromLegacy.apply(legacy) : fromModern.apply(modern);
        } catch (RuntimeException | Error e) {
            failed(stage, side, start);
            throw e;
        }
        answered(stage, side, start);
        return result;
    }

    private Side fresh(EntityStage stage, K key) {
        Side wanted = ramped.side(stage, key);
        Side authority = stage.stage().authority();
        if (wanted == authority || (session == router && router.pending().isEmpty())) {
            return wanted;
        }
        Side side = session.freshSide(entity, type.recordKey(key), wanted, authority);
        noteFallBack(wanted, side);
        return side;
    }

    private void noteFallBack(Side wanted, Side side) {
        if (side != wanted) {
            router.listener().readFellBack(entity, FallBack.PENDING);
        }
    }

    /** Looks at the clock only if someone wants to know. */
    private long begin() {
        return timed ? System.nanoTime() : 0;
    }

    private void answered(EntityStage stage, Side side, long start) {
        if (timed) {
            router.listener().read(entity, stage.stage(), side, System.nanoTime() - start);
        }
    }

    private void failed(EntityStage stage, Side side, long start) {
        if (timed) {
            router.listener().readFailed(entity, stage.stage(), side, System.nanoTime() - start);
        }
    }

    private List<RecordKey> run(
            DSLContext dsl, Function<DSLContext, ? extends ResultQuery<?>> statement, Side authority) {
        ResultQuery<?> query = statement.apply(dsl);
        List<String> key = type.mapping().relation(authority).key().stream()
                .map(Column::name)
                .toList();
        refuseKeyChange(query, key);
        return dsl.fetch(query).stream().map(row -> keyOf(row, key)).toList();
    }

    /** A changed key would leave the mirror row of the old one behind. */
    private void refuseKeyChange(ResultQuery<?> query, List<String> key) {
        if (query instanceof QOM.UpdateReturning<?> update) {
            Set<String> changed = update.$update().$set().keySet().stream()
                    .filter(Named.class::isInstance)
                    .map(column -> ((Named) column).getName())
                    .collect(Collectors.toSet());
            if (key.stream().anyMatch(changed::contains)) {
                throw new InvalidInputException("The statement changes the key of " + entity
                        + ". Delete the record and insert it under its new key instead.");
            }
        }
    }

    private RecordKey keyOf(Record row, List<String> key) {
        return new RecordKey(key.stream()
                .map(column -> {
                    Field<?> field = row.field(column);
                    Object value = field == null ? null : row.get(field);
                    if (value == null) {
                        throw new InvalidInputException("The statement on " + entity
                                + " does not return the key column '" + column + "'. Add it to its RETURNING clause.");
                    }
                    return TextValue.ofKey(value);
                })
                .toList());
    }
}
