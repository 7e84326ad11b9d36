package dev.crossfade.write;

import dev.crossfade.control.Databases;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TableTraits;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.statement.GivenCheck;
import dev.crossfade.statement.RowBinding;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Renders an entity's statements once for each of their forms. When the stage changes, all writing threads need the
 * same statements at the same moment: one of them reads the catalog and renders, the others wait for it, but not for
 * long, because its server may not answer. Thread-safe.
 */
final class StatementRendering {

    /**
     * Many times what rendering takes; afterwards a waiting thread renders by itself. No longer than a flip blocks
     * writers.
     */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final TableMapping mapping;
    private final LossyWriteSettings settings;
    private final Map<Form, WriteStatements> rendered = new ConcurrentHashMap<>();
    private final ReentrantLock preparing = new ReentrantLock();
    private final AtomicReference<@Nullable PreparedWrites> prepared = new AtomicReference<>();

    /**
     * Creates a rendering that has rendered nothing yet.
     *
     * @param settings how saves whose values come back from the legacy side changed are treated
     */
    StatementRendering(TableMapping mapping, LossyWriteSettings settings) {
        this.mapping = mapping;
        this.settings = settings;
    }

    /**
     * The properties by which statements differ.
     *
     * @param fenced whether the stage is held by lock and epoch
     * @param combinable whether an upsert and its projection may share a statement
     * @param check the columns of saved records that are compared with what comes back
     */
    private record Form(Side authority, RowBinding binding, boolean fenced, boolean combinable, GivenCheck check) {}

    /**
     * Returns the statements of a stage. The catalog is read again with each epoch, on the given connection: a second
     * one might not be available while all threads of a pool wait here.
     */
    PreparedWrites of(Connection connection, EntityStage stage) {
        PreparedWrites known = prepared.get();
        if (known != null && known.isOf(stage.epoch())) {
            return known;
        }
        boolean alone = mayPrepareAlone();
        try {
            PreparedWrites seen = prepared.get();
            if (seen != null && seen.isOf(stage.epoch())) {
                return seen;
            }
            Projection projection = mapping.from(stage.stage().authority());
            PreparedWrites own = prepare(projection, stage, isCombinable(connection, projection));
            // The server took its time: others may have gone on meanwhile, and know more.
            prepared.compareAndSet(seen, own);
            return own;
        } finally {
            if (alone) {
                preparing.unlock();
            }
        }
    }

    private boolean mayPrepareAlone() {
        try {
            return preparing.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // The write continues; the next wait sees the interruption.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives up the statement for both sides until the next epoch. */
    void separate(EntityStage stage) {
        prepared.set(prepare(mapping.from(stage.stage().authority()), stage, false));
    }

    /** Tells whether an upsert and its projection may share a statement. */
    private static boolean isCombinable(Connection connection, Projection projection) {
        return !projection.inPlace()
                && !projection.readsOtherTables()
                && !TableTraits.read(Databases.dsl(connection), projection.source())
                        .afterTriggers();
    }

    private PreparedWrites prepare(Projection projection, EntityStage stage, boolean combinable) {
        boolean fenced = stage.stage().fenced();
        GivenCheck check = projection.authority() == Side.LEGACY
                ? settings.check(mapping, stage.stage())
                : new GivenCheck(List.of(), Set.of());
        Form many = new Form(projection.authority(), RowBinding.MANY, fenced, combinable, check);
        return new PreparedWrites(
                stage.epoch(),
                rendered(new Form(projection.authority(), RowBinding.ONE, fenced, combinable, check)),
                () -> rendered(many));
    }

    private WriteStatements rendered(Form form) {
        return rendered.computeIfAbsent(
                form,
                one -> new WriteStatements(
                        mapping.from(one.authority()), one.binding(), one.fenced(), one.combinable(), one.check()));
    }
}
