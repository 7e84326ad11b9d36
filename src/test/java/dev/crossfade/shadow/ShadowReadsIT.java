package dev.crossfade.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.ShadowSettings;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shadow reads find real differences and nothing else, and never affect the caller. */
class ShadowReadsIT {

    private static final int EVERY_READ = 1000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private World world = new World(Topology.ONE_DATABASE);
    private Crossfade crossfade;
    private DualWriteUsers users;

    @AfterEach
    void close() {
        if (crossfade != null) {
            crossfade.close();
        }
        world.close();
    }

    @Test
    void aDifferenceIsStoredForItsKeyWithoutItsValues() {
        start(settings().sample(EVERY_READ));
        users.saveAll(List.of(
                new User(1, "ada@example.org", "Ada Lovelace"), new User(2, "alan@example.org", "Alan Turing")));
        world.modern().execute("update modern.accounts set full_name = 'Nobody at all' where account_id = 1");

        users.find(1L);
        users.find(1L);
        users.find(2L);
        awaitCompared(3);
        List<ShadowLog.KeptMismatch> found = awaitMismatches(1);

        ShadowMismatch mismatch = found.getFirst().mismatch();
        assertThat(mismatch.entity()).isEqualTo("user");
        assertThat(mismatch.key()).containsExactly("1");
        assertThat(mismatch.read()).isEqualTo("find");
        assertThat(mismatch.pairing()).isEqualTo(Pairing.LEGACY_WITH_MODERN);
        assertThat(mismatch.fields()).singleElement().satisfies(field -> {
            assertThat(field.field()).isEqualTo("full_name");
            assertThat(field.legacy()).matches("String\\(12\\)#[0-9a-f]{8}");
            assertThat(field.modern()).matches("String\\(13\\)#[0-9a-f]{8}");
        });
        Awaitility.await().untilAsserted(() -> {
            assertThat(tally(false)).isEqualTo("3/2");
            assertThat(log().list(Optional.of("user"), 10).getFirst().times()).isEqualTo(2);
        });
        assertThat(world.legacy()
                        .dsl()
                        .fetch("select * from crossfade.shadow_mismatch")
                        .toString())
                .doesNotContain("Ada", "Lovelace", "Nobody", "example");
    }

    @Test
    void everyKindOfReadIsCompared() {
        start(settings().sample(EVERY_READ));
        users.saveAll(List.of(new User(1, "a@example.org", "Ada"), new User(2, "b@example.org", "Bob")));
        world.modern().execute("update modern.accounts set full_name = 'X' where account_id = 1");
        world.modern().execute("delete from modern.accounts where account_id = 2");

        users.find(1L);
        users.findAll(List.of(1L, 2L));
        users.page(null, 10);
        users.findByEmail("b@example.org");
        users.read(
                legacy -> legacy.page(null, 10).size(),
                modern -> modern.page(null, 10).size());

        awaitMismatches(7);
        assertThat(log().list(Optional.empty(), 100))
                .extracting(entry -> entry.mismatch().read()
                        + entry.mismatch().key()
                        + entry.mismatch().fields().getFirst().field())
                .containsExactlyInAnyOrder(
                        "find[1]full_name",
                        "find-all[1]full_name",
                        "find-all[2](record)",
                        "page[1]full_name",
                        "page[2](record)",
                        "finder[2](record)",
                        "read[](result)");
    }

    @Test
    void rulesDecideWhatIsEqual() {
        start(settings()
                .sample(EVERY_READ)
                .ignore("user", "email")
                .compare("user", "full_name", String.class, String.CASE_INSENSITIVE_ORDER));
        users.save(new User(1, "ada@example.org", "Ada"));
        world.modern().execute("update modern.accounts set full_name = 'ADA', email = 'else' where account_id = 1");

        users.find(1L);
        users.findAll(List.of(1L));
        users.findByEmail("ada@example.org");
        awaitCompared(2);
        world.modern().execute("update modern.accounts set full_name = 'Eve' where account_id = 1");
        users.find(1L);

        assertThat(awaitMismatches(1)).isNotEmpty();
        assertThat(log().list(Optional.empty(), 10))
                .filteredOn(entry -> entry.mismatch().read().equals("find"))
                .allSatisfy(entry -> assertThat(entry.mismatch().fields())
                        .extracting(FieldDifference::field)
                        .containsExactly("full_name"));
    }

    @Test
    void aRuleForAColumnThatIsNotThereIsRefusedWithThoseThereAre() {
        crossfade = build(settings().ignore("user", "updated_at").ignore("user", "account_id"), world.databases());

        assertThatThrownBy(() -> new DualWriteUsers(crossfade.routing()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[account_id, updated_at]")
                .hasMessageContaining("email, full_name");
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aKeyWithAnIntentOrAMissedWriteIsNotCounted(Topology topology) {
        world.close();
        world = new World(topology);
        start(settings().sample(EVERY_READ));
        users.saveAll(List.of(new User(1, "ada@example.org", "Ada"), new User(2, "alan@example.org", "Alan")));
        Awaitility.await().until(() -> world.differences().isEmpty() && world.intents() == 0);
        world.modern().execute("update modern.accounts set full_name = 'X'");
        Notes.append(world.databases().controlDsl(), "user", List.of(RecordKey.of("1")));
        world.legacy()
                .execute(
                        "insert into crossfade.missed_write (entity, key, mirror, attempts, sql_state, message, next_try_at)"
                                + " values ('user', '{2}', 'MODERN', 1, '23514', '', now())");

        users.find(1L);
        users.find(2L);

        Awaitility.await().until(() -> compared("unsettled") == 2);
        assertThat(compared("mismatched")).isZero();
        assertThat(log().count(Optional.empty())).isZero();
        assertThat(tally(false)).isEqualTo("0/0");
    }

    @Test
    void aDifferenceThatGoesAwayIsNone() {
        InterceptedDataSource modern =
                new InterceptedDataSource(world.databases().legacy());
        start(settings().sample(EVERY_READ), new Databases(modern, modern));
        users.save(new User(1, "ada@example.org", "Ada"));
        world.modern().execute("update modern.accounts set full_name = 'behind' where account_id = 1");
        AtomicInteger looks = new AtomicInteger();
        modern.intercept(sql -> {
            if (onShadowThread() && sql.contains("\"accounts\"") && looks.incrementAndGet() == 2) {
                world.modern().execute("update modern.accounts set full_name = 'Ada' where account_id = 1");
            }
        });

        users.find(1L);

        awaitCompared(1);
        assertThat(looks).hasValue(2);
        assertThat(compared("mismatched")).isZero();
    }

    @Test
    void aRecordThatChangesFromLookToLookIsUnsettled() {
        InterceptedDataSource modern =
                new InterceptedDataSource(world.databases().legacy());
        start(settings().sample(EVERY_READ), new Databases(modern, modern));
        users.save(new User(1, "ada@example.org", "Ada"));
        AtomicInteger looks = new AtomicInteger();
        modern.intercept(sql -> {
            if (onShadowThread() && sql.contains("\"accounts\"")) {
                world.modern()
                        .execute("update modern.accounts set full_name = 'v%d' where account_id = 1"
                                .formatted(looks.incrementAndGet()));
            }
        });

        users.find(1L);

        Awaitility.await().until(() -> compared("unsettled") == 1);
        assertThat(compared("mismatched")).isZero();
    }

    @Test
    void calibrationComparesLegacyWithItselfAndIsTalliedApart() {
        start(settings()
                .sample(0)
                .calibrate(EVERY_READ)
                .compare("user", "full_name", String.class, (one, other) -> one.equals(other) ? 1 : 0));
        users.save(new User(1, "ada@example.org", "Ada"));
        world.modern().execute("delete from modern.accounts");

        users.findAll(List.of(1L));
        users.findAll(List.of(7L));

        assertThat(awaitMismatches(1).getFirst().mismatch().pairing()).isEqualTo(Pairing.LEGACY_WITH_LEGACY);
        Awaitility.await().until(() -> tally(true).equals("2/1"));
        assertThat(tally(false)).isEqualTo("0/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "overflow", "interruption", "exception"})
    void whatHappensInShadowCodeStaysThere(String what) {
        start(settings().sample(EVERY_READ).compare("user", "full_name", String.class, (one, other) -> {
            if (one.equals("trouble")) {
                misbehave(what);
            }
            return one.compareTo(other);
        }));
        users.saveAll(List.of(new User(1, "t@example.org", "trouble"), new User(2, "ada@example.org", "Ada")));
        world.modern().execute("update modern.accounts set email = 'x' || account_id");

        assertThat(users.find(1L)).isPresent();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Awaitility.await().until(() -> compared("failed") + compared("unsettled") + compared("mismatched") == 1);
        users.find(2L);

        Awaitility.await()
                .until(() -> log().list(Optional.empty(), 10).stream()
                        .anyMatch(entry -> entry.mismatch().key().equals(List.of("2"))));
    }

    @Test
    void aHungModernSideDropsComparisonsAndHoldsUpNobody() {
        InterceptedDataSource database =
                new InterceptedDataSource(world.databases().legacy());
        CountDownLatch hung = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        start(settings().sample(EVERY_READ).waiting(4), new Databases(database, database));
        users.save(new User(1, "ada@example.org", "Ada"));
        database.intercept(sql -> {
            if (onShadowThread()) {
                hung.countDown();
                await(release);
            }
        });
        try {
            users.find(1L);
            await(hung);
            for (int read = 1; read < 20; read++) {
                assertThat(users.find(1L)).isPresent();
            }
            // One is hung, four wait.
            assertThat(meters.get("crossfade.shadow.dropped").counter().count()).isEqualTo(15);
        } finally {
            release.countDown();
        }
        awaitCompared(5);
    }

    @Test
    void onlySoManyMismatchesAreKeptAndNoneForEver() {
        start(settings().sample(EVERY_READ).keep(Duration.ofDays(1), 3));
        for (int id = 1; id <= 6; id++) {
            users.save(new User(id, null, "User " + id));
        }
        world.legacy()
                .execute("insert into crossfade.shadow_mismatch values"
                        + " ('user', false, 'find', '{99}', '{}', '{}', '{}', 1, now(), now() - interval '2 days')");
        world.modern().execute("update modern.accounts set full_name = 'X'");

        users.findAll(List.of(1L, 2L, 3L, 4L, 5L, 6L));

        Awaitility.await().until(() -> tally(false).equals("1/1") && log().count(Optional.empty()) == 3);
        assertThat(log().list(Optional.empty(), 10))
                .noneMatch(entry -> entry.mismatch().key().equals(List.of("99")));
    }

    @Test
    void closingStoresWhatWasFound() {
        start(settings().sample(EVERY_READ));
        users.save(new User(1, "ada@example.org", "Ada"));
        users.find(1L);
        awaitCompared(1);

        crossfade.close();

        assertThat(tally(false)).isEqualTo("1/0");
    }

    @Test
    void readsWithinATransactionAreNotRepeatedOutsideOfIt() {
        start(settings().sample(EVERY_READ));
        crossfade.transaction(tx -> {
            users.in(tx).save(new User(1, "ada@example.org", "Ada"));
            return users.in(tx).find(1L);
        });
        users.find(1L);

        awaitCompared(1);
        Awaitility.await().until(() -> tally(false).equals("1/0"));
    }

    private void start(ShadowSettings.Builder settings) {
        start(settings, world.databases());
    }

    private void start(ShadowSettings.Builder settings, Databases databases) {
        crossfade = build(settings, databases);
        users = new DualWriteUsers(crossfade.routing());
        world.moveTo(crossfade, Stage.SHADOW_READ);
    }

    private Crossfade build(ShadowSettings.Builder settings, Databases databases) {
        return Crossfade.builder()
                .legacy(databases.legacy())
                .modern(databases.modern())
                .meterRegistry(meters)
                .routing(RoutingSettings.DEFAULTS.withShadow(settings.build()))
                .stagePolling(Duration.ofMillis(20))
                .build();
    }

    private static ShadowSettings.Builder settings() {
        return ShadowSettings.builder().recheckAfter(Duration.ofMillis(10));
    }

    private ShadowLog log() {
        return new ShadowLog(world.databases().controlDsl());
    }

    private List<ShadowLog.KeptMismatch> awaitMismatches(int atLeast) {
        return Awaitility.await().until(() -> log().list(Optional.of("user"), 100), found -> found.size() >= atLeast);
    }

    private void awaitCompared(int reads) {
        Awaitility.await().until(() -> compared("equal") + compared("mismatched") >= reads);
    }

    private int compared(String outcome) {
        return (int) meters.find("crossfade.shadow.compared").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private String tally(boolean calibration) {
        Record sums = world.legacy()
                .dsl()
                .fetchSingle(
                        "select coalesce(sum(compared), 0), coalesce(sum(mismatched), 0) from crossfade.shadow_tally where aa = ?",
                        calibration);
        return sums.get(0) + "/" + sums.get(1);
    }

    private static boolean onShadowThread() {
        return Thread.currentThread().getName().equals("crossfade-shadow");
    }

    private static void misbehave(String what) {
        switch (what) {
            case "error" -> throw new AssertionError("thrown on purpose");
            case "overflow" -> throw new StackOverflowError();
            case "interruption" -> Thread.currentThread().interrupt();
            default -> throw new IllegalStateException("thrown on purpose");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
