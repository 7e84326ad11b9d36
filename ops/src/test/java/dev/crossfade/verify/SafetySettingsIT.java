package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.check.MappingCheck;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.gate.Gates;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.EntityReads;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Operators;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows are compared and copied only in transactions from which no policy hides rows. A service's routed reads and
 * writes are not affected: they see what its login may see.
 */
class SafetySettingsIT {

    private static final int ROWS = 60;

    @ParameterizedTest
    @EnumSource
    void nobodyComparesOrCopiesRowsOutsideOfTheTransactionsThatAreMadeForIt(Topology topology) throws SQLException {
        try (World world = new World(topology)) {
            EntityReads legacy = new EntityReads(world.databases().legacy());
            EntityReads modern = topology == Topology.ONE_DATABASE
                    ? legacy
                    : new EntityReads(world.databases().modern());
            Databases followed = new Databases(legacy, modern);
            world.legacy()
                    .execute(
                            "create sequence legacy.user_ids owned by legacy.users.id",
                            "alter table legacy.users alter id set default nextval('legacy.user_ids')",
                            "insert into legacy.users select i, i || '@x.org', 'F' || i from generate_series(1, %d) i"
                                    .formatted(ROWS));
            world.modern()
                    .execute(
                            "create sequence modern.account_ids owned by modern.accounts.account_id",
                            "alter table modern.accounts alter account_id set default nextval('modern.account_ids')");
            Crossfade service = world.start();
            DualWriteUsers users = new DualWriteUsers(service.routing());
            StageChanger operator = changer(followed);

            new MappingCheck(followed).check(List.of(Users.MAPPING));
            move(world, operator, Stage.DUAL_WRITE);
            new Backfill(followed, Users.MAPPING, new Backfill.Settings(20, 0), BackfillListener.NONE).run();
            for (Stage stage : List.of(Stage.SHADOW_READ, Stage.MODERN_READ, Stage.MODERN_PRIMARY, Stage.MODERN_READ)) {
                move(world, operator, stage);
                users.save(new User(1, "1@x.org", "At " + stage));
                damageAndMend(world, followed, stage.authority());
            }

            assertThat(legacy.followed() + modern.followed()).isGreaterThan(50);
            assertThat(legacy.unsafe()).isEmpty();
            assertThat(modern.unsafe()).isEmpty();
        }
    }

    /** A service's own applier copies rows too; what its callers read and write goes through the routing. */
    @ParameterizedTest
    @EnumSource
    void aServiceCopiesRowsInTheTransactionsThatAreMadeForItToo(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            EntityReads legacy = new EntityReads(world.databases().legacy());
            EntityReads modern = topology == Topology.ONE_DATABASE
                    ? legacy
                    : new EntityReads(world.databases().modern());
            Crossfade service = world.start(RoutingSettings.DEFAULTS, new Databases(legacy, modern));
            DualWriteUsers users = new DualWriteUsers(service.routing());
            for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)) {
                world.moveTo(service, stage);
                users.save(new User(1, "1@x.org", "At " + stage));
                users.delete(1L);
                assertThat(service.awaitLevel(Duration.ofSeconds(30))).isTrue();
            }

            assertThat(legacy.unsafe()).allSatisfy(SafetySettingsIT::isRouted);
            assertThat(modern.unsafe()).allSatisfy(SafetySettingsIT::isRouted);
        }
    }

    private static void isRouted(String statement) {
        assertThat(statement).containsPattern("^dev\\.crossfade\\.(routing|write)\\.");
    }

    private static void damageAndMend(World world, Databases followed, Side authority) {
        Drain drain = new Drain(followed, new Reconciler(followed, ReconcileListener.NONE));
        damage(world, authority);
        new Verification(followed, Users.MAPPING, VerificationListener.NONE).run(new RepairMode.DryRun());
        new Verification(followed, Users.MAPPING, VerificationListener.NONE).run(true);
        damage(world, authority);
        new Sweep(followed, Users.MAPPING, new Sweep.Settings(1_000_000, Duration.ZERO), SweepListener.NONE)
                .turn(Duration.ofMinutes(1), () -> false);
        damage(world, authority);
        Notes.append(
                world.databases().dsl(authority),
                "user",
                List.of(RecordKey.of("1"), RecordKey.of("3"), RecordKey.of("77")));
        drain.intents(Users.MAPPING, Duration.ZERO);
        new MissedWrites(world.databases().controlDsl())
                .missed("user", RecordKey.of("2"), authority.opposite(), new SQLException("no", "22001"));
        Operators.retry(world.databases().controlDsl(), "user");
        drain.missedWrites(Users.MAPPING);
        assertThat(world.differences()).isEmpty();
    }

    private static void damage(World world, Side authority) {
        if (authority == Side.LEGACY) {
            world.modern()
                    .execute(
                            "update modern.accounts set full_name = 'Damaged' where account_id = 1",
                            "insert into modern.accounts values (77, null, 'Left Over') on conflict do nothing",
                            "delete from modern.accounts where account_id = 3");
        } else {
            world.legacy()
                    .execute(
                            "update legacy.users set first_name = 'Damaged' where id = 1",
                            "insert into legacy.users (id, first_name) values (77, 'Left Over') on conflict do nothing",
                            "delete from legacy.users where id = 3");
        }
    }

    private static StageChanger changer(Databases databases) {
        List<Gate> gates = Gates.all(databases, GateSettings.DEFAULTS, () -> List.of(Users.MAPPING));
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        return new StageChanger(
                databases,
                gates,
                new AuthorityFlip(databases, drain, entity -> Optional.of(Users.MAPPING), Duration.ofSeconds(30)),
                GateListener.NONE);
    }

    private static void move(World world, StageChanger operator, Stage to) {
        operator.change(
                new Request(List.of("user"), to, new Author("test", "every gate is asked, none decides"), true));
        world.awaitAcknowledged();
    }
}
