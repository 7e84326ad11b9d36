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
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.flags.StageLog.Entry;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;

/** Flags move stages, and only as stages may move. */
class GuardedFlagsIT {

    private World world;
    private Crossfade crossfade;
    private StateRepository flags;

    @BeforeEach
    void start() {
        world = new World(Topology.ONE_DATABASE);
        crossfade = world.start();
        new DualWriteUsers(crossfade.routing());
        flags = crossfade.stateRepository(() -> "ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

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
                .extracting(Entry::by, Entry::from, Entry::to, Entry::forced)
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
    void closedGatesRefuseAndSayWhatToDo() {
        set("dual-write", true);
        world.awaitAcknowledged();

        assertThatThrownBy(() -> set("shadow-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Gate 'backfill complete' is closed for user")
                .hasMessageContaining("Run `crossfade backfill user`");
        assertThat(stage()).isEqualTo(Stage.DUAL_WRITE);

        backfilled("now() - interval '1 hour'", "now()");
        assertThatThrownBy(() -> set("shadow-read", true))
                .as("a backfill that began before the mirror was switched on")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("backfill complete");

        backfilled("now()", "now()");
        set("shadow-read", true);
        assertThat(stage()).isEqualTo(Stage.SHADOW_READ);
        world.awaitAcknowledged();
        assertThatThrownBy(() -> set("modern-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Gate 'verification clean' is closed for user: the sides were never compared")
                .hasMessageContaining("Run `crossfade verify user`");
    }

    @Test
    void differencesAndMissedWritesKeepReadsFromMoving() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        backfilled("now()", "now()");
        verified(3);
        world.legacy().execute("""
                insert into crossfade.missed_write (entity, key, mirror, attempts, sql_state, message, next_try_at)
                values ('user', '{1}', 'MODERN', 1, '22001', 'too long', now())
                """);

        assertThatThrownBy(() -> set("modern-read", true))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("found 3 differences")
                .hasMessageContaining("--repair")
                .hasMessageContaining("1 missed writes; required: at most 10000 intents")
                .hasMessageContaining("0 comparisons; required: at least 100")
                .hasMessageContaining("crossfade queue list user");

        world.legacy().execute("delete from crossfade.missed_write");
        verified(0);
        compared(100);
        set("modern-read", true);
        assertThat(stage()).isEqualTo(Stage.MODERN_READ);
    }

    @Test
    void anInstanceThatIsBehindKeepsTheStageFromMoving() {
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        crossfade.transaction(tx -> {
            users.in(tx).save(new User(1, "a@example.org", "A"));
            set("dual-write", true);
            assertThatThrownBy(() -> set("dual-write", false))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Gate 'fleet acknowledged' is closed for user")
                    .hasMessageContaining("longest transaction");
            return null;
        });
        world.awaitAcknowledged();
        set("dual-write", false);
    }

    @Test
    void aGateIsOverruledOnlyWithAReasonAndThatIsKept() {
        set("dual-write", true);
        world.awaitAcknowledged();

        assertThatThrownBy(() -> force(null)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> force(" "))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--reason");
        List<Change> changes = force("the table is empty");

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.overruled()).containsOnlyKeys("backfill complete"));
        assertThat(history().getFirst()).satisfies(entry -> {
            assertThat(entry.forced()).isTrue();
            assertThat(entry.by()).isEqualTo("grace");
            assertThat(entry.reason()).isEqualTo("the table is empty");
        });
        assertThat(history().getFirst().overruled()).containsExactly("backfill complete");
        assertThat(control()
                        .fetchValue("select jsonb_path_exists(gates, '$[*] ? (@.gate == \"backfill complete\""
                                + " && @.state == \"closed\" && @.seen == \"there was no backfill\""
                                + " && @.required starts with \"a finished\")')"
                                + " and jsonb_path_exists(gates,"
                                + " '$[*] ? (@.gate == \"mapping valid\" && @.state == \"open\")')"
                                + " from crossfade.stage_change where forced"))
                .isEqualTo(true);
    }

    @Test
    void everyClosedGateIsNamedAndOneThatCannotBeLookedAtIsClosed() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        world.legacy()
                .execute(
                        "alter table modern.accounts rename column full_name to name",
                        "drop table crossfade.shadow_tally");

        assertThatThrownBy(() -> set("modern-read", true))
                .hasMessageContaining("Gate 'mapping valid' is closed for user")
                .hasMessageContaining("full_name")
                .hasMessageContaining("Gate 'backfill complete' is closed for user")
                .hasMessageContaining("Gate 'verification clean' is closed for user")
                .hasMessageContaining("Gate 'shadow reads agree' is closed for user: it cannot be looked at: ")
                .hasMessageContaining("shadow_tally")
                .hasMessageNotContaining("'stable'");
        set("shadow-read", false);
        assertThat(stage()).as("the way back asks none of them").isEqualTo(Stage.DUAL_WRITE);
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
                assertThat(StageLog.history(shared.databases().controlDsl(), "user", 100))
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

    private void set(String flag, boolean on) {
        flags.setFeatureState(new FeatureState(feature(flag), on));
    }

    private List<Change> force(String reason) {
        return crossfade
                .stages()
                .change(new Request(List.of("user"), Stage.SHADOW_READ, new Author("grace", reason), true));
    }

    private static NamedFeature feature(String flag) {
        return new NamedFeature("user." + flag);
    }

    private Stage stage() {
        return crossfade.stages().standing("user").stage();
    }

    private List<Entry> history() {
        return StageLog.history(control(), "user", 10);
    }

    private DSLContext control() {
        return world.databases().dsl(Side.LEGACY);
    }

    private void backfilled(String started, String finished) {
        world.legacy().execute("delete from crossfade.backfill", """
                insert into crossfade.backfill (entity, epoch, state, rows_total, started_at, finished_at)
                values ('user', 1, 'COMPLETE', 0, %s, %s)
                """.formatted(started, finished));
    }

    private void verified(int differences) {
        world.legacy().execute("""
                insert into crossfade.verification (entity, state, finished_at, differences)
                values ('user', 'FINISHED', now(), %d)
                """.formatted(differences));
    }

    private void compared(int reads) {
        world.legacy().execute("""
                insert into crossfade.shadow_tally (entity, instance, bucket, compared)
                values ('user', gen_random_uuid(), date_trunc('minute', now()), %d)
                """.formatted(reads));
    }
}
