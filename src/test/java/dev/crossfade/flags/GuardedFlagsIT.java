package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.crossfade.Crossfade;
import dev.crossfade.flags.StageChanger.Change;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageHistory.RecordedChange;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.stages.StagePoller;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.util.NamedFeature;

/** Flags move stages, but only in allowed steps. */
class GuardedFlagsIT extends FlaggedUsers {

    @ParameterizedTest
    @ValueSource(strings = {"shadow-read", "modern-read", "modern-primary", "legacy-off"})
    void aFlagThatSkipsAStageIsRefused(String flag) {
        assertThatThrownBy(() -> set(flag, true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("user stands at legacy-only")
                .hasMessageContaining("Go one step at a time");

        assertThat(stage()).isEqualTo(Stage.LEGACY_ONLY);
        assertThat(flags.getFeatureState(feature(flag)))
                .satisfiesAnyOf(
                        state -> assertThat(state).isNull(),
                        state -> assertThat(state.isEnabled()).isFalse());
    }

    @Test
    void aFlagMovesOneStepAndBackAndIsRecordedWithWhoDidIt() {
        set("dual-write", true);
        assertThat(stage()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(flags.getFeatureState(feature("dual-write")).isEnabled()).isTrue();
        world.awaitAcknowledged();

        set("dual-write", false);
        assertThat(stage()).isEqualTo(Stage.LEGACY_ONLY);
        assertThat(flags.getFeatureState(feature("dual-write")).isEnabled()).isFalse();
        assertThat(history())
                .extracting(RecordedChange::by, RecordedChange::from, RecordedChange::to, RecordedChange::forced)
                .containsExactly(
                        tuple("ada", "DUAL_WRITE", "LEGACY_ONLY", false),
                        tuple("ada", "LEGACY_ONLY", "DUAL_WRITE", false));
    }

    @Test
    void switchingAnEarlierFlagOffWhileALaterOneIsOnIsRefused() {
        world.moveTo(crossfade, Stage.MODERN_READ);

        assertThatThrownBy(() -> set("dual-write", false)).isInstanceOf(RefusedException.class);
        assertThat(stage()).isEqualTo(Stage.MODERN_READ);
    }

    @Test
    void aFlagThatIsThereAlreadyChangesNothing() {
        set("dual-write", true);
        set("dual-write", true);
        set("shadow-read", false);

        assertThat(history()).hasSize(1);
    }

    @Test
    void deletedFlagsAreReportedAndThoseThatStandInAreWrittenAgain() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        awaitReport(
                "has flags in crossfade.flag that mean legacy-only",
                () -> world.legacy().execute("delete from crossfade.flag"));
        assertThat(crossfade.stage("user")).isEqualTo(Stage.SHADOW_READ);
        set("shadow-read", false);
        assertThat(flags.getFeatureState(feature("dual-write")).isEnabled()).isTrue();
        assertThat(flags.getFeatureState(feature("shadow-read")).isEnabled()).isFalse();
    }

    @Test
    void aDeletedEntityIsRefusedAndItsLastStageStaysInForce() {
        world.moveTo(crossfade, Stage.DUAL_WRITE);

        world.legacy().execute("delete from crossfade.authority");

        assertThatThrownBy(() -> set("shadow-read", true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("There is no entity 'user'");
        assertThat(crossfade.stage("user")).isEqualTo(Stage.DUAL_WRITE);
    }

    @Test
    void noForceSkipsAStage() {
        assertThatThrownBy(() -> crossfade
                        .stages()
                        .change(new Request(List.of("user"), Stage.MODERN_READ, new Author("grace", "hurry"), true)))
                .isInstanceOf(RefusedException.class);
        assertThat(stage()).isEqualTo(Stage.LEGACY_ONLY);
    }

    @Test
    void anUnknownEntityIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> flags.setFeatureState(new FeatureState(new NamedFeature("usr.dual-write"), true)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'usr'")
                .hasMessageContaining("user");
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void ofTwoOperatorsAtOnceOneWins(Topology topology) throws Exception {
        try (World shared = new World(topology);
                ExecutorService operators = Executors.newFixedThreadPool(2)) {
            Crossfade service = shared.start();
            new DualWriteUsers(service.routing());
            shared.moveTo(service, Stage.DUAL_WRITE);
            for (Stage to : List.of(
                    Stage.SHADOW_READ,
                    Stage.MODERN_READ,
                    Stage.MODERN_PRIMARY,
                    Stage.MODERN_READ,
                    Stage.MODERN_PRIMARY,
                    Stage.MODERN_READ)) {
                long epoch = service.stages().standing("user").epoch();
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<List<Change>>> attempts = new ArrayList<>();
                for (String name : List.of("ada", "grace")) {
                    attempts.add(operators.submit(() -> {
                        start.await();
                        return service.stages()
                                .change(new Request(List.of("user"), to, new Author(name, "both at once"), true));
                    }));
                }
                int won = 0;
                for (Future<List<Change>> attempt : attempts) {
                    try {
                        won += attempt.get().size();
                    } catch (ExecutionException e) {
                        assertThat(e.getCause())
                                .isInstanceOf(RefusedException.class)
                                .hasMessageContaining("decide again");
                    }
                }

                assertThat(won).isEqualTo(1);
                assertThat(service.stages().standing("user").epoch()).isEqualTo(epoch + 1);
                assertThat(service.stages().standing("user").stage()).isEqualTo(to);
                assertThat(StageHistory.history(shared.databases().controlDsl(), "user", 100))
                        .hasSize((int) epoch + 1);
                shared.awaitAcknowledged();
            }
        }
    }

    @Test
    void flagsThatSomeoneEditsInTheTableAreReportedAndNotFollowed() {
        world.moveTo(crossfade, Stage.DUAL_WRITE);
        awaitReport(
                "has flags in crossfade.flag that mean modern-read; someone edited the table",
                () -> world.legacy().execute("""
                    update crossfade.flag set feature_enabled = 1
                    where feature_name in ('user.shadow-read', 'user.modern-read')
                    """));
        assertThat(crossfade.stage("user")).isEqualTo(Stage.DUAL_WRITE);
        assertThat(stage()).isEqualTo(Stage.DUAL_WRITE);
        // The next guarded change puts the flags right again.
        world.moveTo(crossfade, Stage.SHADOW_READ);
        assertThat(flags.getFeatureState(feature("modern-read")).isEnabled()).isFalse();
    }

    @Test
    void aRampThatIsNoShareIsRefusedAndTheFlagStays() {
        world.moveTo(crossfade, Stage.SHADOW_READ);

        assertThatThrownBy(() -> flags.setFeatureState(
                        new FeatureState(feature("modern-read"), true).setParameter("ramp", "150")))
                .isInstanceOf(InvalidInputException.class);
        assertThat(stage()).isEqualTo(Stage.SHADOW_READ);
    }

    @Test
    void flagsOfTheServiceItselfAreStoredAsTheyAre() {
        NamedFeature own = new NamedFeature("NEW_LAYOUT");
        flags.setFeatureState(new FeatureState(own, true).setParameter("users", "ada"));

        assertThat(flags.getFeatureState(own).isEnabled()).isTrue();
        assertThat(flags.getFeatureState(own).getParameter("users")).isEqualTo("ada");
        assertThat(history()).isEmpty();
    }

    @Test
    void theConsoleIsToldOfFiveFlagsForEachEntity() {
        assertThat(crossfade.featureProvider().getFeatures())
                .extracting(feature -> feature.name())
                .containsExactly(
                        "user.dual-write",
                        "user.shadow-read",
                        "user.modern-read",
                        "user.modern-primary",
                        "user.legacy-off");
    }

    /** Does something and waits until an instance has complained about it. */
    private static void awaitReport(String part, Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(StagePoller.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            action.run();
            Awaitility.await()
                    .until(() -> new ArrayList<>(log.list)
                            .stream()
                                    .anyMatch(
                                            event -> event.getFormattedMessage().contains(part)));
        } finally {
            logger.detachAppender(log);
        }
    }
}
