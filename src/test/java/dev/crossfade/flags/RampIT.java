package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.stages.Ramps;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;

/** Operators set the ramp, and a service's reads follow it. */
class RampIT {

    private static final NamedFeature MODERN_READ = new NamedFeature("user.modern-read");
    private static final long KEYS = 200;
    private static final long TENANTS = 10;

    private World world;
    private Crossfade crossfade;
    private DualWriteUsers users;
    private StateRepository flags;
    private String rampAtTheFlip;

    @BeforeEach
    void start() {
        world = new World(Topology.ONE_DATABASE);
        crossfade = Crossfade.builder()
                .database(world.databases().legacy())
                .stagePolling(Duration.ofMillis(20))
                .tenant("user", (Long id) -> "t" + id % TENANTS)
                .build();
        users = new DualWriteUsers(crossfade.routing());
        flags = crossfade.stateRepository(() -> "ada");
        world.legacy().execute("insert into legacy.users select id, null, 'Legacy' from generate_series(1, 200) as id");
        world.modern()
                .execute("insert into modern.accounts select id, null, 'Modern' from generate_series(1, 200) as id");
    }

    @AfterEach
    void close() {
        crossfade.close();
        world.close();
    }

    @Test
    void aTenantMovesAsAWholeAndTheOnesOnTheListFirst() {
        world.moveTo(crossfade, Stage.MODERN_READ);

        set("0", "tenant", "t3");
        Awaitility.await().until(() -> tenantsRead().equals(Set.of("t3")));
        set("8", "tenant", "t3");
        Awaitility.await().until(() -> tenantsRead().size() > 1);

        Set<String> some = tenantsRead();
        Ramp ramp = new Ramp(80, "tenant", Set.of("t3"));
        assertThat(some)
                .isEqualTo(LongStream.range(0, TENANTS)
                        .mapToObj(tenant -> "t" + tenant)
                        .filter(ramp::covers)
                        .collect(Collectors.toSet()));
        assertThat(modernKeys()).hasSize((int) (some.size() * KEYS / TENANTS));
        set("70", "tenant", "t3");
        Awaitility.await().until(() -> tenantsRead().size() > some.size());
        assertThat(tenantsRead()).containsAll(some);
    }

    @Test
    void aColumnOfTheKeyIsATenantWithoutAWordFromTheService() {
        world.moveTo(crossfade, Stage.MODERN_READ);

        set("0", "account_id", "7, 8");

        Awaitility.await().until(() -> modernKeys().equals(Set.of(7L, 8L)));
    }

    @ParameterizedTest
    @CsvSource({"150,,", "'',,", "5,region,", "5,,acme", "5,key,acme"})
    void theGuardRefusesABadRampAndChangesNothing(String share, String by, String tenants) {
        world.moveTo(crossfade, Stage.MODERN_READ);
        set("12.5", null, null);
        FeatureState before = state();

        assertThatThrownBy(() -> set(share, by, tenants)).isInstanceOf(InvalidInputException.class);

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void theGuardRefusesAStrategyThatReadsDoNotFollow() {
        assertThatThrownBy(() -> flags.setFeatureState(
                        new FeatureState(MODERN_READ).setStrategyId("gradual").setParameter("percentage", "50")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'gradual'")
                .hasMessageContaining("'crossfade-ramp'");
        assertThatThrownBy(() -> flags.setFeatureState(
                        new FeatureState(new NamedFeature("user.dual-write")).setParameter("ramp", "5")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("user.modern-read");
    }

    @Test
    void aProgramSetsTheShareWithTheStepAndWhatTheRampGoesByStays() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        flags.setFeatureState(new FeatureState(MODERN_READ, false)
                .setStrategyId(RampStrategy.ID)
                .setParameter("ramp", "100")
                .setParameter("by", "tenant")
                .setParameter("tenants", "t3"));

        crossfade.stages().change(step().ramped(0));

        assertThat(crossfade.stages().ramp("user")).contains(new Ramp(0, "tenant", Set.of("t3")));
        Awaitility.await().until(() -> crossfade.stage("user") == Stage.MODERN_READ);
        assertThat(tenantsRead()).isEqualTo(Set.of("t3"));
        assertThatThrownBy(() -> step().ramped(1001)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new StageChanger.Request(
                                List.of("user"), Stage.DUAL_WRITE, new Author("ada", null), false)
                        .ramped(5))
                .isInstanceOf(InvalidInputException.class);
    }

    private static StageChanger.Request step() {
        return new StageChanger.Request(List.of("user"), Stage.MODERN_READ, new Author("ada", "a test"), true);
    }

    @Test
    void aRampThatIsGivenWithTheFlipIsInForceFromTheFlipOn() {
        world.moveTo(crossfade, Stage.SHADOW_READ);

        withoutGates()
                .setFeatureState(new FeatureState(MODERN_READ, true)
                        .setStrategyId(RampStrategy.ID)
                        .setParameter("ramp", "0"));
        world.awaitAcknowledged();

        assertThat(rampAtTheFlip).isEqualTo("0");
        assertThat(crossfade.stage("user")).isEqualTo(Stage.MODERN_READ);
        assertThat(modernKeys()).isEmpty();
    }

    @Test
    void aFlipWithoutARampKeepsTheOneThatIsSet() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        flags.setFeatureState(
                new FeatureState(MODERN_READ).setStrategyId(RampStrategy.ID).setParameter("ramp", "0"));

        withoutGates().setFeatureState(new FeatureState(MODERN_READ, true));
        world.awaitAcknowledged();

        assertThat(state().getParameter("ramp")).isEqualTo("0");
        assertThat(modernKeys()).isEmpty();
    }

    @Test
    void aRampThatIsSetDuringAFlipIsNotOverwrittenByIt() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        putRamp("5");
        InterceptedDataSource database =
                new InterceptedDataSource(world.databases().legacy());
        AtomicInteger flags = new AtomicInteger();
        database.intercept(sql -> {
            boolean writesFlag =
                    sql.replace("\"", "").toLowerCase(Locale.ROOT).matches("(?s)(update|insert into) crossfade.flag.*");
            // The flag of modern reads is the third.
            if (writesFlag && flags.incrementAndGet() == 3) {
                putRamp("0");
            }
        });
        Databases databases = Databases.shared(database);

        new StageChanger(
                        databases,
                        List.of(),
                        new AuthorityFlip(
                                databases,
                                new Drain(databases, new Reconciler(databases, ReconcileListener.NONE)),
                                entity -> Optional.empty(),
                                Duration.ofSeconds(1)),
                        GateListener.NONE)
                .change(new StageChanger.Request(
                        List.of("user"), Stage.MODERN_READ, new StageLog.Author("ada", "now"), false));

        assertThat(state().getParameter("ramp")).isEqualTo("0");
        assertThat(state().isEnabled()).isTrue();
    }

    private void putRamp(String share) {
        FlagStore.putStrategy(
                world.databases().controlDsl(),
                new FeatureState(MODERN_READ).setStrategyId(RampStrategy.ID).setParameter("ramp", share));
    }

    @Test
    void aRefusedFlipLeavesTheRampAsItWas() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        flags.setFeatureState(
                new FeatureState(MODERN_READ).setStrategyId(RampStrategy.ID).setParameter("ramp", "1"));

        assertThatThrownBy(() -> flags.setFeatureState(new FeatureState(MODERN_READ, true)
                        .setStrategyId(RampStrategy.ID)
                        .setParameter("ramp", "50")))
                .isInstanceOf(RefusedException.class);

        assertThat(state().getParameter("ramp")).isEqualTo("1");
        assertThat(state().isEnabled()).isFalse();
    }

    @Test
    void aRampEditedInTheTableDoesNotMoveReads() {
        world.moveTo(crossfade, Stage.MODERN_READ);
        set("12.5", null, null);
        Awaitility.await().until(() -> modernKeys().size() < KEYS);
        Set<Long> before = modernKeys();

        DualWriteUsers fresh;
        Logger logger = (Logger) LoggerFactory.getLogger(Ramps.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            world.legacy()
                    .execute("update crossfade.flag set strategy_params = 'ramp=1250' where feature_name like '%read'");
            fresh = new DualWriteUsers(world.start().routing());
            Awaitility.await().until(() -> new ArrayList<>(log.list).size() == 2);
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list)
                .allSatisfy(event ->
                        assertThat(event.getFormattedMessage()).contains("'1250'", "crossfade flags ramp user"))
                .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains("last known ramp stays"))
                .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains("The legacy side answers"));
        assertThat(modernKeys()).isEqualTo(before);
        assertThat(fresh.find(before.iterator().next()).orElseThrow().name()).isEqualTo("Legacy");
        set("100", null, null);
        Awaitility.await()
                .until(() -> modernKeys().size() == KEYS
                        && fresh.find(1L).orElseThrow().name().equals("Modern"));
    }

    @Test
    void theConsoleIsShownTheStrategyOfARampWithoutOne() {
        world.moveTo(crossfade, Stage.SHADOW_READ);
        world.legacy()
                .execute(
                        "update crossfade.flag set strategy_params = 'ramp=5' where feature_name = 'user.modern-read'");

        assertThat(state().getStrategyId()).isEqualTo(RampStrategy.ID);
        assertThat(state().getParameter("ramp")).isEqualTo("5");
    }

    /** A guard without gates, which do not matter here. */
    private StateRepository withoutGates() {
        Databases databases = world.databases();
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        AuthorityFlip flip =
                new AuthorityFlip(databases, drain, entity -> Optional.of(Users.MAPPING), Duration.ofSeconds(10));
        return new GuardedStateRepository(
                databases,
                new StageChanger(databases, List.of(new RampSeen()), flip, GateListener.NONE),
                () -> "ada",
                entity -> Optional.empty());
    }

    /** Notes which ramp is set at the moment at which a flip is decided. */
    private final class RampSeen implements Gate {

        @Override
        public String name() {
            return "a test's own";
        }

        @Override
        public Verdict check(Step step) {
            rampAtTheFlip = state().getParameter("ramp");
            return new Open("a ramp", "any ramp");
        }
    }

    private void set(String share, String by, String tenants) {
        FeatureState state = new FeatureState(MODERN_READ, true)
                .setStrategyId(RampStrategy.ID)
                .setParameter("ramp", share);
        if (by != null) {
            state.setParameter("by", by);
        }
        if (tenants != null) {
            state.setParameter("tenants", tenants);
        }
        flags.setFeatureState(state);
    }

    private FeatureState state() {
        return Objects.requireNonNull(flags.getFeatureState(MODERN_READ));
    }

    private Set<Long> modernKeys() {
        return LongStream.rangeClosed(1, KEYS)
                .filter(id -> users.find(id).orElseThrow().name().equals("Modern"))
                .boxed()
                .collect(Collectors.toSet());
    }

    private Set<String> tenantsRead() {
        return modernKeys().stream().map(id -> "t" + id % TENANTS).collect(Collectors.toCollection(TreeSet::new));
    }
}
