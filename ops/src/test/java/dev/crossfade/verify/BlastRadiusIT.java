package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Orders;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import dev.crossfade.verify.Sweep.Turn;
import dev.crossfade.verify.Verification.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A repair trusts the authoritative side. Where it would delete or overwrite much of the mirror, somebody has to agree
 * first: the mirror's rows may be the last copies.
 */
class BlastRadiusIT {

    /** Topology, stage, rows, and how many may be deleted or overwritten: a hundred, or one in a hundred. */
    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of(Topology.ONE_DATABASE, Stage.DUAL_WRITE, 150, 100),
                Arguments.of(Topology.TWO_DATABASES, Stage.MODERN_PRIMARY, 150, 100),
                Arguments.of(Topology.ONE_DATABASE, Stage.MODERN_PRIMARY, 10_100, 101),
                Arguments.of(Topology.TWO_DATABASES, Stage.DUAL_WRITE, 10_100, 101));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void aVerificationRepairsAsMuchAsIsAllowedAndNothingOfWhatIsMore(
            Topology topology, Stage stage, int rows, int allowed) {
        try (World world = world(topology, stage, rows)) {
            overwrite(world, stage, 1, allowed);
            assertThat(verify(world, new RepairMode.Usual()).repaired()).isEqualTo(allowed);

            overwrite(world, stage, 1, allowed + 1);
            Report held = verify(world, new RepairMode.Usual());

            assertThat(held.isHeldBack()).isTrue();
            assertThat(held.destructive()).isEqualTo(allowed + 1);
            assertThat(held.allowed()).isEqualTo(OptionalLong.of(allowed));
            assertThat(held.repaired()).isZero();
            assertThat(held.differences()).as("a sample").hasSize(Verification.NAMED);
            assertThat(world.differences()).as("both rows of each key").hasSize(2 * (allowed + 1));
            assertThat(world.intents()).isZero();
            assertThatThrownBy(() ->
                            new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(allowed + 1 + " rows of the mirror, " + allowed + " allowed");

            Report dry = verify(world, new RepairMode.DryRun());
            assertThat(dry.destructive()).isEqualTo(allowed + 1);
            assertThat(dry.differenceCount()).isEqualTo(allowed + 1);
            assertThat(verify(world, new RepairMode.AtMost(allowed)).isHeldBack())
                    .isTrue();
            assertThat(verify(world, new RepairMode.AtMost(allowed + 1)).repaired())
                    .isEqualTo(allowed + 1);
            assertThat(world.differences()).isEmpty();
        }
    }

    /**
     * A repair must not delete the last copies of rows that the authoritative side has lost, or that a restored one
     * does not have.
     */
    @ParameterizedTest
    @MethodSource("limits")
    void rowsThatTheAuthorityHasLostAreNotDeletedFromTheMirror(Topology topology, Stage stage, int rows, int allowed) {
        try (World world = world(topology, stage, rows)) {
            delete(world, stage.authority(), 1, allowed + 1);

            assertThat(verify(world, new RepairMode.Usual()).isHeldBack()).isTrue();
            List<String> said = new ArrayList<>();
            Turn turn = sweep(world, said);

            assertThat(turn.repaired()).isZero();
            assertThat(said).containsExactly((allowed + 1) + " of " + allowed + ", such as 10 keys");
            assertThat(count(world, stage.authority().opposite())).isEqualTo(rows);
        }
    }

    /** A repair that only adds rows to the mirror destroys nothing. */
    @ParameterizedTest
    @MethodSource("limits")
    void rowsThatTheMirrorHasLostAreBroughtBackHoweverMany(Topology topology, Stage stage, int rows, int allowed) {
        try (World world = world(topology, stage, rows)) {
            delete(world, stage.authority().opposite(), 1, allowed + 30);

            Report repaired = verify(world, new RepairMode.Usual());

            assertThat(repaired.destructive()).isZero();
            assertThat(repaired.repaired()).isEqualTo(allowed + 30);
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Nobody watches a sweep, so its limit of destroyed rows is per day. */
    @ParameterizedTest
    @EnumSource
    void aSweepsLimitIsThatOfADay(Topology topology) {
        Stage stage = Stage.DUAL_WRITE;
        try (World world = world(topology, stage, 150)) {
            overwrite(world, stage, 1, 60);
            assertThat(sweep(world, new ArrayList<>()).repaired()).isEqualTo(60);
            overwrite(world, stage, 1, 41);
            delete(world, Side.MODERN, 100, 110);

            List<String> said = new ArrayList<>();
            Turn second = sweep(world, said);

            assertThat(said).containsExactly("41 of 40, such as 10 keys");
            assertThat(second.found()).isEqualTo(52);
            assertThat(second.repaired()).as("what only adds rows").isEqualTo(11);
            assertThat(SweepCycle.lastFinished(world.databases().controlDsl())
                            .get("user")
                            .heldBack())
                    .isEqualTo(41);

            world.legacy().execute("update crossfade.sweep_cycle set updated_at = updated_at - interval '25 hours'");
            assertThat(sweep(world, new ArrayList<>()).repaired())
                    .as("the next day")
                    .isEqualTo(41);
            assertThat(world.differences()).isEmpty();
        }
    }

    private static World world(Topology topology, Stage stage, int rows) {
        World world = new World(topology);
        world.legacy()
                .execute("insert into legacy.users select i, null, 'F' || i from generate_series(1, %d) i"
                        .formatted(rows));
        Orders.moveTo(world.databases(), Users.MAPPING, Stage.DUAL_WRITE);
        new Backfill(world.databases(), Users.MAPPING, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
        Orders.moveTo(world.databases(), Users.MAPPING, stage);
        return world;
    }

    private static void overwrite(World world, Stage stage, int from, int to) {
        Side mirror = stage.authority().opposite();
        world.of(mirror)
                .execute((mirror == Side.LEGACY
                                ? "update legacy.users set first_name = 'Damaged' where id between %d and %d"
                                : "update modern.accounts set full_name = 'Damaged' where account_id between %d and %d")
                        .formatted(from, to));
    }

    private static void delete(World world, Side side, int from, int to) {
        world.of(side)
                .execute((side == Side.LEGACY
                                ? "delete from legacy.users where id between %d and %d"
                                : "delete from modern.accounts where account_id between %d and %d")
                        .formatted(from, to));
    }

    private static long count(World world, Side side) {
        return world.of(side).dsl().fetchCount(DSL.table(side == Side.LEGACY ? "legacy.users" : "modern.accounts"));
    }

    private static Report verify(World world, RepairMode mode) {
        return new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(mode);
    }

    private static Turn sweep(World world, List<String> said) {
        SweepListener listener = new SweepListener() {
            @Override
            public void heldBack(String entity, long rows, long allowed, List<RecordKey> keys) {
                said.add("%d of %d, such as %d keys".formatted(rows, allowed, keys.size()));
            }
        };
        return new Sweep(world.databases(), Users.MAPPING, new Sweep.Settings(1_000_000, Duration.ZERO), listener)
                .turn(Duration.ofMinutes(1), () -> false);
    }
}
