package dev.crossfade.worker;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.queue.Intents;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.Drain.Round;
import dev.crossfade.time.Deadline;
import dev.crossfade.worker.WorkerSettings.Draining;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains what waits for an entity's mirror, batch by batch, without a pause between them. While a whole batch of a
 * parent's intents waits, the entity holds back for some time, because most of its rows would only wait for their
 * parents.
 */
final class DrainJob extends Job {

    private static final Logger LOG = LoggerFactory.getLogger(DrainJob.class);

    /** The time after which other jobs of this process get the thread. */
    private static final Duration TURN = Duration.ofSeconds(2);

    private static final Duration DEFERENCE = Duration.ofSeconds(3);

    /** How often to look whether a contract migration was reverted. */
    private static final Duration CONTRACTED = Duration.ofSeconds(30);

    private final Databases databases;
    private final TableMapping mapping;
    private final Drain drain;
    private final Draining settings;
    private long holdingBackSince;
    private boolean holdsBack;
    private boolean contracted;
    private volatile long applied;
    private volatile long missed;
    private volatile long missedAgain;
    private volatile int deferred;

    DrainJob(Databases databases, TableMapping mapping, Drain drain, Draining settings) {
        super(Kind.DRAIN, mapping.entity());
        this.databases = databases;
        this.mapping = mapping;
        this.drain = drain;
        this.settings = settings;
    }

    /** Returns how many keys were brought up to date. */
    long applied() {
        return applied;
    }

    /** Returns how many keys did not fit, or wait for others, and were newly recorded as missed. */
    long missed() {
        return missed;
    }

    /** Returns how many keys were processed, including failed retries. */
    long dealtWith() {
        return applied + missed + missedAgain;
    }

    /** Returns how many keys the last batch had to leave for later. */
    int deferred() {
        return deferred;
    }

    @Override
    Duration work(BooleanSupplier stopping) {
        if (isContracted()) {
            deferred = 0;
            return CONTRACTED;
        }
        AuthorityTable.requireMapping(databases.controlDsl(), subject(), mapping.fingerprint());
        if (holdsBack()) {
            deferred = Math.max(1, deferred);
            return settings.interval();
        }
        Deadline end = Deadline.after(TURN);
        boolean progress = true;
        while (progress && !stopping.getAsBoolean() && !end.isOver()) {
            progress = batch();
        }
        return progress ? Duration.ZERO : settings.interval();
    }

    /**
     * Tells whether the entity is contracted. Its contraction waited until nothing was left to do, so there is nothing
     * to warn about.
     */
    private boolean isContracted() {
        Optional<Contraction> contraction = Contractions.find(databases.controlDsl(), subject());
        if (contraction.isPresent() && !contracted) {
            LOG.atInfo()
                    .addKeyValue("entity", subject())
                    .log("{} Nothing is left to do for it.", contraction.get().text());
        }
        contracted = contraction.isPresent();
        return contracted;
    }

    /** Applies one batch of intents and one of due missed writes; tells whether there was any progress. */
    private boolean batch() {
        Round intents = drain.intents(mapping, settings.grace());
        Round retries = drain.missedWrites(mapping);
        applied = applied + intents.applied() + retries.applied();
        long missedBefore = missed;
        long missedAgainBefore = missedAgain;
        missed = missedBefore + intents.missed();
        missedAgain = missedAgainBefore + retries.missed();
        int deferredBefore = deferred;
        deferred = intents.deferred() + retries.deferred();
        boolean progress = intents.applied() + intents.missed() + retries.applied() + retries.missed() > 0;
        if (progress || deferred > deferredBefore) {
            LOG.atInfo()
                    .addKeyValue("entity", subject())
                    .addKeyValue("applied", intents.applied() + retries.applied())
                    .addKeyValue("deferred", deferred)
                    .addKeyValue("missed", intents.missed() + retries.missed())
                    .log(
                            "{}: {} applied, {} deferred, {} missed",
                            subject(),
                            intents.applied() + retries.applied(),
                            deferred,
                            intents.missed() + retries.missed());
        }
        return progress;
    }

    private boolean holdsBack() {
        boolean parentsWait = mapping.parents().stream()
                .filter(parent -> !parent.equals(subject()))
                .anyMatch(this::isWholeBatchWaiting);
        if (!parentsWait) {
            holdsBack = false;
            return false;
        }
        if (!holdsBack) {
            holdsBack = true;
            holdingBackSince = System.nanoTime();
        }
        return System.nanoTime() - holdingBackSince < DEFERENCE.toNanos();
    }

    private boolean isWholeBatchWaiting(String parent) {
        return AuthorityTable.find(databases.controlDsl(), parent)
                .map(Standing::stage)
                .map(stage -> Intents.areAtLeast(databases.dsl(stage.authority()), parent, Drain.BATCH))
                .orElse(false);
    }
}
