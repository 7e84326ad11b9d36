package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.model.RecordKey;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The pauses of a service's applier. */
class LiveApplierIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aKeyThatIsLockedAfterAnIdleTimeIsTriedAgainAsSoonAsAnyOther() throws SQLException, InterruptedException {
        try (World world = new World(Topology.TWO_DATABASES)) {
            ControlSchema.install(world.databases());
            world.legacy().execute("""
                    insert into crossfade.authority (entity, epoch, stage) values ('user', 1, 'DUAL_WRITE');
                    insert into legacy.users (id, email) values (1, '1@example.org');
                    """);
            AtomicInteger rounds = new AtomicInteger();
            try (LiveApplier applier = new LiveApplier(
                    world.databases(),
                    () -> {
                        rounds.incrementAndGet();
                        return List.of(Users.MAPPING);
                    },
                    new Reconciler(world.databases(), ReconcileListener.NONE),
                    100)) {
                applier.start();
                for (int idle = 1; idle <= 10; idle++) {
                    applier.pending().noted("user", List.of());
                    awaitRounds(rounds, rounds.get() + 1, LONG);
                }
                try (Connection other = world.legacy().dataSource().getConnection();
                        Statement statement = other.createStatement()) {
                    statement.execute("select pg_advisory_lock(hashtextextended('crossfade/key/user/1', 0))");
                    int before = rounds.get();
                    applier.pending()
                            .noted("user", Notes.append(world.legacy().dsl(), "user", List.of(RecordKey.of("1"))));

                    awaitRounds(rounds, before + 6, Duration.ofSeconds(7));

                    statement.execute("select pg_advisory_unlock_all()");
                }
                assertThat(applier.awaitLevel(LONG)).isTrue();
            }
            assertThat(world.intents()).isZero();
        }
    }

    private static void awaitRounds(AtomicInteger rounds, int count, Duration atMost) {
        Awaitility.await().atMost(atMost).pollInterval(Duration.ofMillis(2)).until(() -> rounds.get() >= count);
    }
}
