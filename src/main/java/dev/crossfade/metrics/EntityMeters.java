package dev.crossfade.metrics;

import dev.crossfade.lossy.LossyWriteOutcome;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.read.FallBack;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowOutcome;
import dev.crossfade.sql.FailureClass;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.IntFunction;

/** The meters of one entity. Every tag's values are constants of an enum, so there are never more than these. */
final class EntityMeters {

    private static final Stage[] STAGES = Stage.values();
    private static final Side[] SIDES = Side.values();
    private static final FailureClass[] CLASSES = FailureClass.values();
    private static final FallBack[] REASONS = FallBack.values();
    private static final Pairing[] PAIRINGS = Pairing.values();
    private static final ShadowOutcome[] OUTCOMES = ShadowOutcome.values();
    private static final LossyWriteOutcome[] LOSSES = LossyWriteOutcome.values();

    private final MeterRegistry meters;
    private final Tags entity;
    private final Slots<Timer> writes;
    private final Slots<Timer> reads;
    private final Slots<Counter> mirrorMissed;
    private final Slots<Counter> fallBacks;
    private final Slots<Counter> lossyWrites;
    private final Slots<Counter> compared;
    private final Slots<Counter> reconciled;
    private final Slots<Counter> reconcileFailed;
    private final Counter dropped;

    EntityMeters(MeterRegistry meters, String entity) {
        this.meters = meters;
        this.entity = Tags.of("entity", entity);
        this.writes = timers("crossfade.writes", "written");
        this.reads = timers("crossfade.reads", "answered");
        this.mirrorMissed = counters("crossfade.mirror.missed", SIDES.length * CLASSES.length, this::sideAndClass);
        this.fallBacks =
                counters("crossfade.reads.fallback", REASONS.length, slot -> Tags.of("reason", label(REASONS[slot])));
        this.lossyWrites =
                counters("crossfade.writes.lossy", LOSSES.length, slot -> Tags.of("outcome", label(LOSSES[slot])));
        this.compared = counters(
                "crossfade.shadow.compared",
                PAIRINGS.length * OUTCOMES.length,
                slot -> Tags.of(
                        "pairing",
                        label(PAIRINGS[slot / OUTCOMES.length]),
                        "outcome",
                        label(OUTCOMES[slot % OUTCOMES.length])));
        this.reconciled = counters("crossfade.reconciled", SIDES.length, slot -> Tags.of("side", SIDES[slot].label()));
        this.reconcileFailed =
                counters("crossfade.reconcile.failed", SIDES.length * CLASSES.length, this::sideAndClass);
        this.dropped = meters.counter("crossfade.shadow.dropped", this.entity);
    }

    Timer write(Stage stage, boolean failed) {
        return writes.get(timerSlot(stage, stage.authority(), failed));
    }

    Timer read(Stage stage, Side side, boolean failed) {
        return reads.get(timerSlot(stage, side, failed));
    }

    Counter mirrorMissed(Side mirror, FailureClass failure) {
        return mirrorMissed.get(mirror.ordinal() * CLASSES.length + failure.ordinal());
    }

    Counter fellBack(FallBack reason) {
        return fallBacks.get(reason.ordinal());
    }

    Counter lossyWrite(LossyWriteOutcome outcome) {
        return lossyWrites.get(outcome.ordinal());
    }

    Counter compared(Pairing pairing, ShadowOutcome outcome) {
        return compared.get(pairing.ordinal() * OUTCOMES.length + outcome.ordinal());
    }

    Counter dropped() {
        return dropped;
    }

    Counter reconciled(Side mirror) {
        return reconciled.get(mirror.ordinal());
    }

    Counter reconcileFailed(Side mirror, FailureClass failure) {
        return reconcileFailed.get(mirror.ordinal() * CLASSES.length + failure.ordinal());
    }

    private static int timerSlot(Stage stage, Side side, boolean failed) {
        return (stage.ordinal() * SIDES.length + side.ordinal()) * 2 + (failed ? 1 : 0);
    }

    private Slots<Timer> timers(String name, String success) {
        return new Slots<>(
                STAGES.length * SIDES.length * 2,
                slot -> meters.timer(
                        name,
                        entity.and(
                                "stage", STAGES[slot / 2 / SIDES.length].label(),
                                "side", SIDES[slot / 2 % SIDES.length].label(),
                                "outcome", slot % 2 == 0 ? success : "failed")));
    }

    private Slots<Counter> counters(String name, int size, IntFunction<Tags> tags) {
        return new Slots<>(size, slot -> meters.counter(name, entity.and(tags.apply(slot))));
    }

    private Tags sideAndClass(int slot) {
        return Tags.of("side", SIDES[slot / CLASSES.length].label(), "class", label(CLASSES[slot % CLASSES.length]));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
