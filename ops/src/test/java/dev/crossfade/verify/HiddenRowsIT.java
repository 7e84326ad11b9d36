package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.gate.Gates;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that a policy hides from the login are an error wherever rows are compared or copied, and the message says what
 * the login needs. Sides that are only partly visible are never found equal.
 */
class HiddenRowsIT {

    private static final String REMEDY = "BYPASSRLS";
    private static final String SERVERS_WORDS = "row-level security";

    static Stream<Arguments> hidden() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Side.values()).map(side -> Arguments.of(topology, side)));
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void rowsThatAPolicyHidesAreRefusedAndNotOverlooked(Topology topology, Side hidden) {
        try (World world = new World(topology)) {
            Crossfade service = world.start();
            new DualWriteUsers(service.routing());
            world.legacy()
                    .execute(
                            "create sequence legacy.user_ids owned by legacy.users.id",
                            "alter table legacy.users alter id set default nextval('legacy.user_ids')",
                            "insert into legacy.users select i, null, 'F' || i from generate_series(1, 20) i");
            world.modern()
                    .execute(
                            "create sequence modern.account_ids owned by modern.accounts.account_id",
                            "alter table modern.accounts alter account_id set default nextval('modern.account_ids')");
            world.moveTo(service, Stage.DUAL_WRITE);
            new Backfill(world.databases(), Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
            // The rows that the login cannot see differ.
            world.modern().execute("update modern.accounts set full_name = 'Damaged' where account_id > 10");
            try (Login login = new Login(world, hidden)) {
                Databases blind = login.databases();

                assertThatThrownBy(() -> verify(blind, new RepairMode.None()))
                        .isInstanceOf(CrossfadeException.class)
                        .hasMessageContaining(hidden.label())
                        .hasMessageContaining(REMEDY);
                assertThatThrownBy(() -> verify(blind, new RepairMode.Usual()))
                        .isInstanceOf(CrossfadeException.class)
                        .hasMessageContaining(REMEDY);
                assertThatThrownBy(() -> new Sweep(
                                        blind,
                                        Users.MAPPING,
                                        new Sweep.Settings(1_000_000, Duration.ZERO),
                                        SweepListener.NONE)
                                .turn(Duration.ofMinutes(1), () -> false))
                        .isInstanceOf(CrossfadeException.class)
                        .hasMessageContaining(REMEDY);
                refusesToMove(world, service, blind, hidden);
                assertThat(world.modern()
                                .dsl()
                                .fetchValue("select count(*) from modern.accounts where full_name = 'Damaged'"))
                        .as("nothing was repaired by whoever sees a part")
                        .isEqualTo(10L);
                backfillRefuses(world, blind, hidden);
            }
        }
    }

    /** The gates that read rows are closed, and a forced flip does not hand out a key twice. */
    private static void refusesToMove(World world, Crossfade service, Databases blind, Side hidden) {
        world.moveTo(service, Stage.MODERN_READ);
        StageChanger operator = new StageChanger(
                blind,
                Gates.all(blind, GateSettings.DEFAULTS, () -> List.of(Users.MAPPING)),
                new AuthorityFlip(
                        blind,
                        new Drain(blind, new Reconciler(blind, ReconcileListener.NONE)),
                        entity -> Optional.of(Users.MAPPING),
                        Duration.ofSeconds(20)),
                GateListener.NONE);
        if (hidden == Side.LEGACY) {
            assertThatThrownBy(() -> operator.change(
                            new Request(List.of("user"), Stage.MODERN_PRIMARY, new Author("ada", null), false)))
                    .isInstanceOf(CrossfadeException.class)
                    .hasMessageContaining("Gate 'restore proven' is closed")
                    .hasMessageContaining(SERVERS_WORDS);
            assertThatThrownBy(() -> operator.change(new Request(
                            List.of("user"), Stage.MODERN_PRIMARY, new Author("ada", "past all gates"), true)))
                    .isInstanceOf(CrossfadeException.class)
                    .hasMessageContaining("last number of legacy.users")
                    .hasMessageContaining(REMEDY);
            assertThat(service.stages().standing("user").stage()).isEqualTo(Stage.MODERN_READ);
        }
        world.moveTo(service, Stage.DUAL_WRITE);
    }

    private static void backfillRefuses(World world, Databases blind, Side hidden) {
        world.legacy().execute("delete from crossfade.backfill");
        world.modern().execute("delete from modern.accounts");

        assertThatThrownBy(() ->
                        new Backfill(blind, Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run())
                .as("rows of the %s side are hidden", hidden.label())
                .isInstanceOf(CrossfadeException.class)
                .hasMessageContaining(SERVERS_WORDS)
                .hasMessageContaining(REMEDY);

        assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                .isEqualTo(0L);
    }

    private static Verification.Report verify(Databases databases, RepairMode mode) {
        return new Verification(databases, Users.MAPPING, VerificationListener.NONE).run(mode);
    }

    /** A login with all privileges on the tables, from which a policy hides rows of one side. */
    private static final class Login implements AutoCloseable {

        private final World world;
        private final String role;
        private final Databases databases;

        Login(World world, Side hidden) {
            this.world = world;
            this.role = "hidden_" + world.legacy().name();
            world.legacy().execute("create role " + role + " login password 'blind'");
            for (TestDatabase database : List.of(world.legacy(), world.modern())) {
                for (String schema : List.of("legacy", "modern", "crossfade")) {
                    database.execute("""
                            do $$ begin
                                if to_regnamespace('%1$s') is not null then
                                    grant usage on schema %1$s to %2$s;
                                    grant all on all tables in schema %1$s to %2$s;
                                    grant all on all sequences in schema %1$s to %2$s;
                                end if;
                            end $$
                            """.formatted(schema, role));
                }
            }
            String table = hidden == Side.LEGACY ? "legacy.users" : "modern.accounts";
            String key = hidden == Side.LEGACY ? "id" : "account_id";
            world.of(hidden)
                    .execute(
                            "alter table " + table + " enable row level security",
                            "create policy visible on " + table + " using (" + key + " <= 10)");
            this.databases = world.databases().areShared()
                    ? Databases.shared(pool(world.legacy()))
                    : new Databases(pool(world.legacy()), pool(world.modern()));
        }

        private DataSource pool(TestDatabase database) {
            return database.newDataSource(pool -> {
                pool.setUsername(role);
                pool.setPassword("blind");
            });
        }

        Databases databases() {
            return databases;
        }

        @Override
        public void close() {
            for (TestDatabase database : List.of(world.legacy(), world.modern())) {
                database.execute("drop owned by " + role);
            }
            world.legacy().execute("drop role " + role);
        }
    }
}
