package dev.crossfade.shadow;

import dev.crossfade.control.Databases;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.sql.Redaction;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.Stages;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.time.Poller;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Compares a sample of the reads on its own thread. Bounded: reads beyond the limit are dropped and counted. Nothing
 * that happens here, errors and interruptions included, reaches a caller.
 *
 * <p>A difference counts only if two looks in a row, a pause apart, see the very same values and none of the records
 * has an intent or a missed write: a concurrent write shows as a change from one look to the next, and a mirror that
 * is known to be stale is no finding.
 */
public final class ShadowReads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShadowReads.class);
    private static final int LOOKS = 4;
    /** With more intents than this, an entity's whole mirror counts as stale. */
    private static final int INTENTS_LOOKED_THROUGH = 1000;

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final TroubleLog defect = new TroubleLog(LOG, "Reads are compared again.");
    private final Sampling sampling;
    private final Databases databases;
    private final Stages stages;
    private final PendingKeys pending;
    private final ShadowListener listener;
    private final ShadowFindings findings;
    private final Redaction redaction = new Redaction();
    /** The mapping of each entity with a compared read; used only by the comparing thread. */
    private final Map<String, TableMapping> compared = new HashMap<>();

    private final BlockingQueue<SampledRead> waiting;
    private final Poller poller;

    /** Creates the comparison of an instance's reads; it has no thread until the first read is taken. */
    public ShadowReads(
            Sampling sampling, Databases databases, Stages stages, PendingKeys pending, ShadowListener listener) {
        this.sampling = sampling;
        this.databases = databases;
        this.stages = stages;
        this.pending = pending;
        this.listener = listener;
        this.findings = new ShadowFindings(
                new ShadowLog(databases.controlDsl()),
                sampling,
                entity -> Objects.requireNonNull(compared.get(entity))
                        .evidence(databases)
                        .lasting());
        this.waiting = new ArrayBlockingQueue<>(sampling.waiting());
        this.poller = new Poller("crossfade-shadow", this::round, findings::store);
    }

    /** A sampled read. */
    public interface SampledRead {

        TableMapping mapping();

        default String entity() {
            return mapping().entity();
        }

        /** The entity's stage when the read was sampled. */
        EntityStage stage();

        Pairing pairing();

        /** Reads whatever has not been read yet, compares, and returns the differences. */
        List<ShadowMismatch> look();
    }

    /** The result of a comparison. */
    private record End(ShadowOutcome outcome, List<ShadowMismatch> found) {

        static End of(ShadowOutcome outcome) {
            return new End(outcome, List.of());
        }
    }

    /** Returns how to compare a read, null if it is not sampled; allocates nothing. */
    @Nullable
    public Pairing sampled(Stage stage) {
        if (stage != Stage.SHADOW_READ
                && (sampling.calibrationPerMille() == 0 || stage.compareTo(Stage.SHADOW_READ) > 0)) {
            return null;
        }
        int chance = ThreadLocalRandom.current().nextInt(1000);
        if (stage == Stage.SHADOW_READ && chance < sampling.perMille()) {
            return Pairing.LEGACY_WITH_MODERN;
        }
        return chance >= 1000 - sampling.calibrationPerMille() ? Pairing.LEGACY_WITH_LEGACY : null;
    }

    /** Takes a sampled read; never waits and never throws. */
    public void take(SampledRead comparison) {
        try {
            poller.start();
            if (poller.isEnding() || !waiting.offer(comparison)) {
                listener.shadowDropped(comparison.entity());
            }
        } catch (RuntimeException | Error e) {
            defect.failed(Level.WARN, "A shadow read could not be taken.", e);
        }
    }

    public Redaction redaction() {
        return redaction;
    }

    /** Ends the thread, which stores what it has found. */
    @Override
    public void close() {
        poller.close();
        poller.awaitEnd(CLOSING);
    }

    private Duration round() {
        try {
            SampledRead next = waiting.poll(ShadowFindings.BATCH.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                finish(next, compare(next));
                defect.succeeded();
            }
            findings.storeIfDue();
        } catch (InterruptedException e) {
            LOG.debug("The comparing of reads was interrupted; going on unless it is closed.", e);
        } catch (RuntimeException | Error e) {
            defect.failed(Level.WARN, "The comparing of reads failed; going on with the next one.", e);
        }
        return Duration.ZERO;
    }

    private void finish(SampledRead comparison, End end) {
        if (end.outcome() == ShadowOutcome.EQUAL || end.outcome() == ShadowOutcome.MISMATCHED) {
            compared.put(comparison.entity(), comparison.mapping());
            findings.compared(comparison.entity(), comparison.pairing(), end.found());
        }
        listener.shadowCompared(comparison.entity(), comparison.pairing(), end.outcome());
    }

    private End compare(SampledRead comparison) {
        try {
            List<ShadowMismatch> before = comparison.look();
            if (before.isEmpty()) {
                return End.of(ShadowOutcome.EQUAL);
            }
            for (int look = 1; look < LOOKS; look++) {
                poller.pause(sampling.pause());
                boolean behind = isBehind(comparison, before);
                List<ShadowMismatch> now = comparison.look();
                if (now.isEmpty()) {
                    return End.of(ShadowOutcome.EQUAL);
                }
                if (now.equals(before) && !behind && !isBehind(comparison, now)) {
                    return new End(ShadowOutcome.MISMATCHED, now);
                }
                before = now;
            }
            return End.of(ShadowOutcome.UNSETTLED);
        } catch (InterruptedException e) {
            return End.of(ShadowOutcome.UNSETTLED);
        } catch (RuntimeException | Error e) {
            LOG.debug("A shadow read of {} failed; it does not count.", comparison.entity(), e);
            // The service's code may have interrupted this thread; only close() may end it.
            Thread.interrupted();
            return End.of(ShadowOutcome.FAILED);
        }
    }

    /** Tells whether the mirror of a record is known to be behind, or the stage no longer keeps it up to date. */
    private boolean isBehind(SampledRead comparison, List<ShadowMismatch> found) {
        if (comparison.pairing() == Pairing.LEGACY_WITH_LEGACY) {
            return false;
        }
        String entity = comparison.entity();
        if (stages.current().of(entity).epoch() != comparison.stage().epoch()) {
            return true;
        }
        boolean whole = found.stream().anyMatch(one -> one.key().isEmpty());
        Set<RecordKey> keys = whole ? Set.of() : noted(comparison.mapping(), found);
        if (whole ? pending.isAnyPending(entity) : keys.stream().anyMatch(key -> pending.isPending(entity, key))) {
            return true;
        }
        List<Intent> intents =
                Intents.oldest(databases.controlDsl(), entity, 0, INTENTS_LOOKED_THROUGH + 1, Duration.ZERO);
        if (intents.size() > INTENTS_LOOKED_THROUGH
                || (whole ? !intents.isEmpty() : intents.stream().anyMatch(intent -> keys.contains(intent.key())))) {
            return true;
        }
        MissedWrites missed = new MissedWrites(databases.controlDsl());
        return whole
                ? missed.count(entity) > 0
                : !missed.stillMissed(entity, keys).isEmpty();
    }

    /** Returns the keys of mismatches in canonical key text, as spelled by the server. */
    private Set<RecordKey> noted(TableMapping mapping, List<ShadowMismatch> found) {
        TextStatement spellKeys = new ProjectionSql(mapping.from(Side.LEGACY)).spellKeys();
        List<RecordKey> keys =
                found.stream().map(one -> new RecordKey(one.key())).distinct().toList();
        int width = mapping.legacy().key().size();
        return new HashSet<>(databases
                .dsl(Side.LEGACY)
                .connectionResult(connection -> spellKeys.query(
                        connection, row -> TextStatement.key(row, 1, width), TextStatement.arrays(keys))));
    }
}
