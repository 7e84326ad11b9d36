package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.MappedWorld;
import dev.crossfade.testing.Topology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filled column knows more than legacy: only whether it has a value is compared, and a repair keeps the value. */
class FilledColumnsVerificationIT {

    private static final TableMapping MEMBER = TableMapping.table("member")
            .legacy("legacy", "member")
            .modern("modern", "member")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("name", "text"), "name")
            .restore(new Column("name", "text"), "name")
            .fill(new Column("verified", "date"), "joined")
            .build();

    @ParameterizedTest
    @EnumSource
    void whatItKnowsIsNoDifferenceAndWhatItLacksIsOne(Topology topology) {
        try (MappedWorld world = new MappedWorld(
                topology,
                "create table legacy.member (id integer primary key, name text, joined date)",
                "create table modern.member (id bigint primary key, name text, verified date)",
                MEMBER)) {
            world.moveTo(Stage.DUAL_WRITE);
            world.of(Side.LEGACY)
                    .execute(
                            "insert into legacy.member select n, 'n' || n, '2020-01-01' from generate_series(1, 4) as n",
                            "update legacy.member set joined = null where id = 4");
            world.of(Side.MODERN)
                    .execute(
                            "insert into modern.member values (1, 'n1', '2021-02-03'), (2, 'n2', null), (3, 'other', '2022-02-02'), (4, 'n4', '2023-01-01')");

            Verification.Report found = verify(world, new RepairMode.None());
            assertThat(found.differences())
                    .extracting(one -> one.key().values().getFirst())
                    .containsExactlyInAnyOrder("2", "3");
            assertThat(found.respelled()).isZero();
            assertThat(verify(world, new RepairMode.AtMost(10)).differences()).isEmpty();

            assertThat(world.rows(Side.MODERN, "select * from modern.member"))
                    .containsExactly(
                            "(1,n1,2021-02-03)", "(2,n2,2020-01-01)", "(3,n3,2022-02-02)", "(4,n4,2023-01-01)");
        }
    }

    private static Verification.Report verify(MappedWorld world, RepairMode mode) {
        return new Verification(world.databases(), MEMBER, VerificationListener.NONE).run(mode);
    }
}
