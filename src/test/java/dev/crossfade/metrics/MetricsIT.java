package dev.crossfade.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.read.FallBack;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.ShadowSettings;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowOutcome;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The meters of a service, through real repositories. */
class MetricsIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private World world = new World(Topology.ONE_DATABASE);
    private Crossfade crossfade;
    private DualWriteUsers users;

    @AfterEach
    void close() {
        crossfade.close();
        world.close();
    }

    @Test
    void writesAndReadsAreTimedBySideStageAndOutcome() {
        start(world.databases());
        users.save(ADA);
        users.find(1L);
        users.findAll(List.of(1L));
        world.moveTo(crossfade, Stage.MODERN_PRIMARY);
        users.save(ADA);
        users.find(1L);
        assertThatThrownBy(() -> users.save(new User(2, "b@example.org", "x".repeat(41))))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> users.read(
                        legacy -> legacy.page(null, 0).size(),
                        modern -> modern.page(null, 0).size()))
                .isInstanceOf(RuntimeException.class);

        assertThat(timed("crossfade.writes", "stage", "legacy-only", "side", "legacy", "outcome", "written"))
                .isOne();
        assertThat(timed("crossfade.writes", "stage", "modern-primary", "side", "modern", "outcome", "written"))
                .isOne();
        assertThat(timed("crossfade.writes", "stage", "modern-primary", "side", "modern", "outcome", "failed"))
                .isOne();
        assertThat(timed("crossfade.reads", "stage", "legacy-only", "side", "legacy", "outcome", "answered"))
                .isEqualTo(2);
        assertThat(timed("crossfade.reads", "stage", "modern-primary", "side", "modern", "outcome", "answered"))
                .isOne();
        assertThat(timed("crossfade.reads", "stage", "modern-primary", "side", "modern", "outcome", "failed"))
                .isOne();
        assertThat(meters.get("crossfade.reads").timers())
                .allSatisfy(timer -> assertThat(timer.max(TimeUnit.NANOSECONDS)).isPositive());
    }

    @Test
    void mirrorFailuresAreCountedByClassAndReadsThatFellBackByReason() {
        start(world.databases());
        world.moveTo(crossfade, Stage.MODERN_READ);

        users.save(new User(1, "ada@example.org", "Ada " + "x".repeat(40)));
        users.find(1L);

        assertThat(count("crossfade.mirror.missed", "side", "modern", "class", "poison"))
                .isOne();
        assertThat(count("crossfade.reads.fallback", "reason", "pending")).isOne();
        Awaitility.await()
                .until(() -> meters.find("crossfade.reconcile.failed")
                                .tags("entity", "user", "side", "modern", "class", "poison")
                                .counter()
                        != null);
        assertThat(gauge("crossfade.backlog")).isOne();
    }

    @Test
    void keysThatTheApplierBringsUpToDateAreCounted() {
        world.close();
        world = new World(Topology.TWO_DATABASES);
        start(world.databases());
        world.moveTo(crossfade, Stage.DUAL_WRITE);

        users.save(ADA);

        Awaitility.await().until(() -> world.differences().isEmpty() && gauge("crossfade.backlog") == 0);
        Awaitility.await()
                .until(() ->
                        meters.find("crossfade.reconciled").tags("entity", "user", "side", "modern").counters().stream()
                                        .mapToDouble(counter -> counter.count())
                                        .sum()
                                >= 1);
    }

    @Test
    void shadowComparisonsAreCountedByPairingAndOutcome() {
        start(world.databases());
        world.moveTo(crossfade, Stage.SHADOW_READ);
        users.save(ADA);

        users.find(1L);
        Awaitility.await()
                .until(() ->
                        counted("crossfade.shadow.compared", "pairing", "legacy-with-modern", "outcome", "equal") == 1);
        world.modern().execute("delete from modern.accounts");
        users.find(1L);

        Awaitility.await()
                .until(() ->
                        counted("crossfade.shadow.compared", "pairing", "legacy-with-modern", "outcome", "mismatched")
                                == 1);
        assertThat(count("crossfade.shadow.dropped")).isZero();
    }

    @Test
    void theStageIsAGauge() {
        start(world.databases());
        assertThat(gauge("crossfade.stage")).isZero();
        world.moveTo(crossfade, Stage.MODERN_READ);
        assertThat(gauge("crossfade.stage")).isEqualTo(3);
    }

    @Test
    void theFleetAndHowLongAChangeWaitsForItAreGauges() {
        start(world.databases());
        world.moveTo(crossfade, Stage.DUAL_WRITE);
        Fleet fleet = new Fleet(world.databases().controlDsl());
        Instance slow = new Instance(UUID.randomUUID(), "slow", "1");
        try (FleetWatch watch = new FleetWatch(world.databases().controlDsl(), Duration.ofMillis(20))) {
            watch.start();
            Awaitility.await().until(() -> watch.seen("user").equals(Optional.of(new FleetWatch.Seen(1, 0))));

            fleet.heartbeat(slow, Map.of("user", 0L), Map.of());
            world.legacy().execute("update crossfade.stage_change set changed_at = now() - interval '90 s'");

            Awaitility.await()
                    .untilAsserted(() -> assertThat(watch.seen("user")).hasValueSatisfying(seen -> {
                        assertThat(seen.instances()).isEqualTo(2);
                        assertThat(seen.lagSeconds()).isBetween(90.0, 120.0);
                    }));
            fleet.heartbeat(slow, Map.of("user", 1L), Map.of());
            Awaitility.await().until(() -> watch.seen("user").equals(Optional.of(new FleetWatch.Seen(2, 0))));
        } finally {
            fleet.leave(slow);
        }
        // The service's own watch looks every few seconds.
        Awaitility.await().until(() -> gauge("crossfade.fleet.size") == 1 && gauge("crossfade.fleet.lag") == 0);
    }

    @Test
    void aFleetThatCannotBeLookedAtIsNotKnown() {
        InterceptedDataSource control =
                new InterceptedDataSource(world.databases().legacy());
        start(world.databases());
        control.intercept(sql -> {
            throw new IllegalStateException("down on purpose");
        });
        try (FleetWatch watch = new FleetWatch(Databases.dsl(control), Duration.ofMillis(5))) {
            watch.start();
            assertThat(watch.seen("user")).isEmpty();
            control.letGo();
            Awaitility.await().until(() -> watch.seen("user").isPresent());
            control.intercept(sql -> {
                throw new IllegalStateException("down on purpose");
            });
            Awaitility.await().until(() -> watch.seen("user").isEmpty());
        }
    }

    @Test
    void aSecondCrossfadeOfTheProcessHasGaugesOfItsOwn() {
        start(world.databases());
        world.moveTo(crossfade, Stage.DUAL_WRITE);
        crossfade.close();
        assertThat(meters.find("crossfade.stage").gauge()).isNull();

        start(world.databases());

        assertThat(gauge("crossfade.stage")).isOne();
    }

    @Test
    void noTagIsUnbounded() {
        start(world.databases());
        CrossfadeMetrics metrics = new CrossfadeMetrics(meters);
        for (int round = 0; round < 3; round++) {
            everything(metrics, round);
        }

        Map<String, Set<String>> seen = meters.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("crossfade."))
                .flatMap(id -> id.getTags().stream())
                .collect(Collectors.groupingBy(
                        Tag::getKey, Collectors.mapping(Tag::getValue, Collectors.toCollection(TreeSet::new))));

        assertThat(seen.keySet())
                .containsExactlyInAnyOrder("entity", "stage", "side", "outcome", "class", "reason", "pairing");
        assertThat(seen.get("entity")).containsExactly("user");
        assertThat(seen.get("stage")).isEqualTo(labels(Stage.values()));
        assertThat(seen.get("side")).isEqualTo(labels(Side.values()));
        assertThat(seen.get("class")).isEqualTo(labels(FailureClass.values()));
        assertThat(seen.get("reason")).isEqualTo(labels(FallBack.values()));
        assertThat(seen.get("pairing")).isEqualTo(labels(Pairing.values()));
        Set<String> outcomes = labels(ShadowOutcome.values());
        outcomes.addAll(Set.of("written", "answered"));
        assertThat(seen.get("outcome")).isEqualTo(outcomes);
    }

    private static void everything(CrossfadeMetrics metrics, int round) {
        for (Stage stage : Stage.values()) {
            metrics.written("user", stage, round, round);
            metrics.writeFailed("user", stage, round);
            for (Side side : Side.values()) {
                metrics.read("user", stage, side, round);
                metrics.readFailed("user", stage, side, round);
            }
        }
        for (Side side : Side.values()) {
            metrics.keysReconciled("user", side, round);
            for (FailureClass failure : FailureClass.values()) {
                metrics.mirrorMissed("user", side, failure);
                metrics.reconcileFailed("user", side, failure);
            }
        }
        for (FallBack reason : FallBack.values()) {
            metrics.readFellBack("user", reason);
        }
        for (Pairing pairing : Pairing.values()) {
            for (ShadowOutcome outcome : ShadowOutcome.values()) {
                metrics.shadowCompared("user", pairing, outcome);
            }
        }
        metrics.shadowDropped("user");
    }

    private void start(Databases databases) {
        crossfade = Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .meterRegistry(meters)
                .routing(RoutingSettings.DEFAULTS.withShadow(ShadowSettings.builder()
                        .sample(1000)
                        .recheckAfter(Duration.ofMillis(10))
                        .build()))
                .stagePolling(Duration.ofMillis(20))
                .build();
        users = new DualWriteUsers(crossfade.routing());
    }

    private static Set<String> labels(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private long timed(String name, String... tags) {
        return meters.get(name).tag("entity", "user").tags(tags).timer().count();
    }

    private double count(String name, String... tags) {
        return meters.get(name).tag("entity", "user").tags(tags).counter().count();
    }

    private double counted(String name, String... tags) {
        return Stream.of(meters.find(name).tags(tags).counters())
                .flatMap(found -> found.stream())
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private double gauge(String name) {
        return meters.get(name).tag("entity", "user").gauge().value();
    }
}
