package dev.crossfade.protocol;

import static dev.crossfade.model.Stage.MODERN_ONLY;
import static dev.crossfade.model.Stage.MODERN_PRIMARY;
import static dev.crossfade.model.Stage.MODERN_READ;
import static dev.crossfade.model.Stage.SHADOW_READ;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The configurations of the model check with flips. */
final class FlipScenarios {

    static final int CONTROL = 0;
    static final int MODERN = 1;

    static final FlipScenario ONE = one(MODERN_READ);
    static final FlipScenario ONE_BACK = one(MODERN_PRIMARY);
    static final FlipScenario TWO = two(MODERN_READ);
    static final FlipScenario TWO_BACK = two(MODERN_PRIMARY);

    static final FlipScenario TWO_WITHOUT_THE_RECORD =
            TWO.lateWriter(1).repair(1).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);

    /** A lost flip that possibly no live instance knows of, while an instance starts without the modern database. */
    static final FlipScenario TWO_STARTING =
            TWO.lateWriter(1).starting(0, 2).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);

    /** The same, with a live instance that knows of it. */
    static final FlipScenario TWO_STARTING_BESIDE_ONE_WHO_KNOWS =
            TWO.lateWriter(1).starting(2, 2).applier().moving(MODERN_PRIMARY).goingBack(CONTROL);

    private FlipScenarios() {}

    /** A flip back while a writer writes a value that legacy cannot give back. */
    static FlipScenario lossy(FlipScenario scenario) {
        return scenario.writer(FlipModel.LOSSY).applier().moving(MODERN_READ);
    }

    /** Those in which nothing goes wrong. */
    static Stream<Named<FlipScenario>> configurations() {
        return Stream.of(flips(), steps(), capture(), evidence(), goingBack(), starting())
                .flatMap(some -> some);
    }

    private static Stream<Named<FlipScenario>> flips() {
        return Stream.of(
                ONE.writer(1, 2)
                        .applier()
                        .repair(1)
                        .moving(MODERN_PRIMARY)
                        .mishaps(1)
                        .named("a flip"),
                ONE_BACK.writer(1, 2)
                        .applier()
                        .repair(1)
                        .moving(MODERN_READ)
                        .mishaps(1)
                        .named("a flip back"),
                ONE.writer(1, 2)
                        .writer(3)
                        .applier()
                        .moving(MODERN_PRIMARY, MODERN_READ)
                        .named("there and back"),
                missing(ONE, MODERN_PRIMARY).named("missed and discarded writes"),
                lossy(ONE_BACK).writer(1).mishaps(1).named("a flip back beside a value that legacy cannot give back"),
                lossy(TWO_BACK).writer(1).mishaps(1).named("a flip back beside a value that legacy cannot give back"),
                TWO.writer(1, 2)
                        .applier()
                        .repair(1)
                        .moving(MODERN_PRIMARY)
                        .mishaps(1)
                        .named("a flip"),
                TWO_BACK.writer(1, 2)
                        .applier()
                        .repair(1)
                        .moving(MODERN_READ)
                        .mishaps(1)
                        .named("a flip back"),
                TWO.writer(1, 2)
                        .applier()
                        .moving(MODERN_PRIMARY, MODERN_READ)
                        .mishaps(1)
                        .named("there and back"),
                TWO.writer(1)
                        .applier()
                        .applier()
                        .repair(1)
                        .moving(MODERN_PRIMARY)
                        .mishaps(1)
                        .named("two appliers"),
                missing(TWO, MODERN_PRIMARY).named("missed and discarded writes"),
                missing(TWO_BACK, MODERN_READ).named("missed and discarded writes, back"));
    }

    private static Stream<Named<FlipScenario>> steps() {
        return Stream.of(
                withoutMirror(ONE_BACK).named("no mirror"),
                ONE_BACK.writer(1)
                        .applier()
                        .moving(MODERN_ONLY, MODERN_PRIMARY)
                        .mishaps(1)
                        .named("no mirror, and one again"),
                refilling(ONE).named("an old backfill"),
                withoutMirror(TWO_BACK).named("no mirror"),
                TWO_BACK.writer(1)
                        .applier()
                        .repair(1)
                        .moving(MODERN_ONLY, MODERN_PRIMARY)
                        .mishaps(1)
                        .named("no mirror, and one again"),
                refilling(TWO).named("an old backfill"));
    }

    private static Stream<Named<FlipScenario>> capture() {
        Stream<Named<FlipScenario>> around = Arrays.stream(Side.values())
                .flatMap(side -> Stream.of(
                        bypassed(ONE, side, MODERN_PRIMARY).named("capture of the %s side".formatted(side.label())),
                        bypassed(ONE_BACK, side, MODERN_READ)
                                .named("capture of the %s side, back".formatted(side.label())),
                        bypassed(TWO, side, MODERN_PRIMARY).named("capture of the %s side".formatted(side.label())),
                        bypassed(TWO_BACK, side, MODERN_READ)
                                .named("capture of the %s side, back".formatted(side.label()))));
        Stream<Named<FlipScenario>> before = Stream.of(
                sinceShadowRead(one(SHADOW_READ)).named("capture since shadow-read"),
                sinceShadowRead(two(SHADOW_READ)).named("capture since shadow-read"));
        return Stream.concat(around, before);
    }

    private static Stream<Named<FlipScenario>> evidence() {
        return Stream.of(
                deployed(ONE).named("another mapping"),
                deployed(TWO).mishaps(1).named("another mapping"),
                restored().named("a restored mirror"));
    }

    private static Stream<Named<FlipScenario>> goingBack() {
        return Stream.of(
                lagging(TWO, MODERN_PRIMARY).named("control goes back"),
                lagging(TWO_BACK, MODERN_READ).named("control goes back, back"),
                TWO_WITHOUT_THE_RECORD.named("control goes back over the record"),
                TWO.writer(1, 2).applier().repair(1).goingBack(CONTROL).named("the authority goes back"),
                TWO_BACK.writer(1, 2).applier().repair(1).goingBack(MODERN).named("the modern authority goes back"));
    }

    private static Stream<Named<FlipScenario>> starting() {
        return Stream.of(
                TWO.writer(1)
                        .starting(0, 2)
                        .applier()
                        .moving(MODERN_PRIMARY)
                        .mishaps(1)
                        .named("a start without the modern database"),
                TWO_BACK.writer(1)
                        .starting(0, 2)
                        .applier()
                        .moving(MODERN_READ)
                        .mishaps(1)
                        .named("a start without the modern database, back"),
                TWO_STARTING.named("a start without the modern database, and control goes back"),
                TWO_BACK.writer(1)
                        .starting(0, 2)
                        .applier()
                        .moving(MODERN_READ)
                        .goingBack(MODERN)
                        .named("a start without the modern database, which goes back"));
    }

    static FlipScenario one(Stage begin) {
        return FlipScenario.in(Topology.ONE_DATABASE, begin);
    }

    static FlipScenario two(Stage begin) {
        return FlipScenario.in(Topology.TWO_DATABASES, begin);
    }

    static FlipScenario missing(FlipScenario scenario, Stage target) {
        return scenario.writer(1, 2)
                .worker()
                .discard()
                .moving(target)
                .refusals(1)
                .mishaps(1);
    }

    static FlipScenario withoutMirror(FlipScenario scenario) {
        return scenario.writer(1).applier().repair(1).moving(MODERN_ONLY).mishaps(1);
    }

    static FlipScenario refilling(FlipScenario scenario) {
        return scenario.writer(0).applier().oldBackfill().moving(MODERN_PRIMARY).mishaps(1);
    }

    static FlipScenario bypassed(FlipScenario scenario, Side side, Stage target) {
        return scenario.writer(1).bypassing(side, 9).applier().moving(target).mishaps(1);
    }

    static FlipScenario sinceShadowRead(FlipScenario scenario) {
        return scenario.bypassing(Side.LEGACY, 9)
                .applier()
                .moving(MODERN_READ, MODERN_PRIMARY)
                .mishaps(1);
    }

    static FlipScenario deployed(FlipScenario scenario) {
        return scenario.writer(1).applier().deployment().moving(MODERN_PRIMARY);
    }

    static FlipScenario restored() {
        return TWO.writer(1).applier().verification().moving(MODERN_PRIMARY).goingBack(MODERN);
    }

    static FlipScenario lagging(FlipScenario scenario, Stage target) {
        return scenario.writer(1).writer(2).applier().moving(target).goingBack(CONTROL);
    }
}
