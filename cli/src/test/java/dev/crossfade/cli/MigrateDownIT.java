package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reverting migrations does not drop what entities use. */
class MigrateDownIT {

    private static final String[] DOWN = {"migrate", "down"};
    private static final String[] FORCED = {"migrate", "down", "--force", "--reason", "ticket 4711", "--by", "ada"};

    /** Stages may go back, epochs never do. */
    private static final AtomicLong EPOCHS = new AtomicLong();

    @TempDir
    private Path folder;

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.values()).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void anExpandMigrationIsRevertedAtLegacyOnlyOrByForceWhileItsSideIsAMirror(Topology topology, Stage stage) {
        try (Site site = site(topology, "-- crossfade: entity=user\n")) {
            put(site, "user", stage);
            put(site, "order", Stage.MODERN_ONLY);

            Ran down = site.run("migrate", "down", "--output", "json");
            if (stage == Stage.LEGACY_ONLY) {
                assertThat(down.code()).isZero();
                assertThat(down.json().at("/migrations/0/version").asString()).isEqualTo("1");
                assertThat(hasNote(site)).isFalse();
                return;
            }
            assertThat(down.code()).isEqualTo(3);
            assertThat(down.out()).isEmpty();
            assertThat(down.err())
                    .contains("V1__note.down.sql, entity user: it stands at " + stage.label())
                    .contains("crossfade stage user --to "
                            + stage.previous().orElseThrow().label())
                    .doesNotContain("entity order");
            assertThat(hasNote(site)).isTrue();

            Ran forced = site.run(FORCED);
            boolean decides = stage.authority() == Side.MODERN;
            assertThat(forced.code()).isEqualTo(decides ? 3 : 0);
            assertThat(hasNote(site)).isEqualTo(decides);
            assertThat(site.legacy().dsl().fetch("""
                            select version, entity, stage, forced_by, reason from crossfade.forced_revert
                            """).map(row -> row.intoList().toString()))
                    .isEqualTo(decides ? List.of() : List.of("[1, user, " + stage.label() + ", ada, ticket 4711]"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMigrationThatNamesNoKnownEntityConcernsAll(Topology topology) {
        try (Site site = site(topology, "")) {
            put(site, "user", Stage.MODERN_ONLY);
            put(site, "order", Stage.SHADOW_READ);

            Ran refused = site.run(FORCED);
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("entity user: it stands at modern-only")
                    .doesNotContain("entity order");
            assertThat(site.run(DOWN).err()).contains("entity user:", "entity order: it stands at shadow-read");

            put(site, "user", Stage.LEGACY_ONLY);
            assertThat(site.run(DOWN).code()).isEqualTo(3);
            put(site, "order", Stage.LEGACY_ONLY);
            assertThat(site.run(DOWN).code()).isZero();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsNoWayRoundTheGate() {
        try (Site site = site(Topology.ONE_DATABASE, "-- crossfade: entity=usr\n")) {
            assertThat(site.run("migrate", "status").code()).isZero();
            put(site, "user", Stage.MODERN_PRIMARY);

            Ran refused = site.run(FORCED);

            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err()).contains("entity user: it stands at modern-primary");
        }
    }

    @Test
    void aMigrationNamesItsEntityAfterARenameToo() {
        try (Site site = site(Topology.ONE_DATABASE, "-- crossfade: entity=user\n")) {
            site.install();
            put(site, "user", Stage.MODERN_PRIMARY);
            assertThat(site.run("entity", "rename", "user", "customer").err()).isEmpty();

            assertThat(site.run(DOWN).err())
                    .contains("entity customer: it stands at modern-primary")
                    .doesNotContain("entity order", "entity user");
            put(site, "customer", Stage.LEGACY_ONLY);
            put(site, "order", Stage.MODERN_PRIMARY);
            assertThat(site.run(DOWN).code()).isZero();
        }
    }

    /** The control database may have lost the last stage change: the modern one's fence is newer. */
    @Test
    void theNewerEpochOfBothDatabasesCounts() {
        try (Site site = site(Topology.TWO_DATABASES, "-- crossfade: entity=user\n")) {
            AuthorityTable.put(site.databases().controlDsl(), "user", new Standing(Stage.MODERN_READ, 5));
            AuthorityTable.put(site.modern().dsl(), "user", new Standing(Stage.MODERN_PRIMARY, 6));
            assertThat(site.run(FORCED).code()).isEqualTo(3);

            site.legacy().execute("delete from crossfade.authority");
            assertThat(site.run(FORCED).err()).contains("entity user: it stands at modern-primary");

            AuthorityTable.put(site.databases().controlDsl(), "user", new Standing(Stage.LEGACY_ONLY, 9));
            assertThat(site.run(DOWN).code()).isZero();
        }
    }

    @Test
    void allFindingsComeAtOnceAndNothingIsRevertedBefore() {
        try (Site site = site(Topology.ONE_DATABASE, "-- crossfade: entity=user\n")) {
            site.write("migrations/V2__remark.up.sql", "-- crossfade: entity=order\ncreate table modern.remark ();");
            site.write("migrations/V2__remark.down.sql", "drop table modern.remark;");
            site.write("migrations/V3__mark.up.sql", "-- crossfade: entity=cart\ncreate table modern.mark ();");
            site.write("migrations/V3__mark.down.sql", "drop table modern.mark;");
            put(site, "cart", Stage.LEGACY_ONLY);
            put(site, "user", Stage.DUAL_WRITE);
            put(site, "order", Stage.MODERN_READ);
            site.run("migrate", "up");

            for (String[] how : new String[][] {{"--to", "0"}, {"--steps", "3"}}) {
                Ran refused = site.run("migrate", "down", how[0], how[1]);
                assertThat(refused.code()).isEqualTo(3);
                assertThat(refused.err())
                        .contains("V1__note.down.sql, entity user")
                        .contains("V2__remark.down.sql, entity order")
                        .doesNotContain("V3__mark.down.sql");
            }
            assertThat(site.modern().dsl().fetchValue("select to_regclass('modern.mark') is not null"))
                    .isEqualTo(true);
            assertThat(site.run("migrate", "down").out()).contains("reverted 3 (mark)");
            assertThat(site.run("migrate", "down", "--to", "0", "--force", "--reason", "both")
                            .code())
                    .isZero();
            assertThat(site.legacy().dsl().fetchCount(DSL.table("crossfade.forced_revert")))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsRevertedUnderARunningBackfillWhateverIsForced(Topology topology) {
        try (Site site = site(topology, "-- crossfade: entity=user\n");
                TestDatabase.Session backfill = site.legacy().session()) {
            for (Stage stage : new Stage[] {Stage.LEGACY_ONLY, Stage.DUAL_WRITE}) {
                put(site, "user", stage);
                backfill.execute("select pg_advisory_lock(hashtextextended('crossfade/backfill/user', 0))");

                Ran refused = site.run(FORCED);

                assertThat(refused.code()).isEqualTo(3);
                assertThat(refused.err()).contains("entity user: its backfill runs at this moment (process ");
                backfill.execute("select pg_advisory_unlock_all()");
            }
            assertThat(site.run(FORCED).code()).isZero();
            assertThat(site.legacy().dsl().fetchValue("""
                            select count(*) from pg_locks join pg_database d on d.oid = database
                            where locktype = 'advisory' and d.datname = current_database()
                            """)).isEqualTo(0L);
        }
    }

    @Test
    void nothingIsRevertedWhileTheAuthorityMoves() {
        try (Site site = site(Topology.ONE_DATABASE, "-- crossfade: entity=user\n");
                TestDatabase.Session flip = site.legacy().session()) {
            put(site, "user", Stage.MODERN_READ);
            flip.execute("select pg_advisory_lock(hashtextextended('crossfade/authority/user', 0))");

            assertThat(site.run(FORCED).err()).contains("entity user: its authority moves at this moment (process ");
            assertThat(hasNote(site)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aContractionIsRevertedWhereTheModernSideDecides(Stage stage) {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.write("migrations/V1__drop.up.sql", """
                    -- crossfade: phase=contract
                    -- crossfade: entity=order
                    drop table legacy.orders;
                    """);
            site.write("migrations/V1__drop.down.sql", "create table legacy.orders (id int primary key);");
            site.run("install");
            put(site, "order", Stage.MODERN_ONLY);
            assertThat(site.run("migrate", "up").code()).isZero();
            put(site, "order", stage);

            Ran down = site.run(DOWN);

            if (stage.authority() == Side.MODERN) {
                assertThat(down.code()).isZero();
            } else {
                assertThat(down.code()).isEqualTo(3);
                assertThat(down.err())
                        .contains("entity order: it stands at " + stage.label(), "the legacy side decides");
                assertThat(site.run(FORCED).code()).isZero();
            }
        }
    }

    @Test
    void forceNeedsAReason() {
        try (Site site = site(Topology.ONE_DATABASE, "")) {
            Ran noReason = site.run("migrate", "down", "--force");
            assertThat(noReason.code()).isEqualTo(2);
            assertThat(noReason.err()).contains("--reason");
            assertThat(site.run("migrate", "down", "--reason", "why").code()).isEqualTo(2);
            assertThat(site.run("migrate", "down", "--force", "--reason", " ").code())
                    .isEqualTo(2);
            assertThat(hasNote(site)).isTrue();
        }
    }

    /** An applied migration that creates a table on the modern side. */
    private Site site(Topology topology, String directives) {
        Site site = Site.create(folder, topology);
        site.write("migrations/V1__note.up.sql", directives + "create table modern.note (id int);");
        site.write("migrations/V1__note.down.sql", "drop table modern.note;");
        assertThat(site.run("migrate", "up").code()).isZero();
        return site;
    }

    private static void put(Site site, String entity, Stage stage) {
        AuthorityTable.put(site.databases().controlDsl(), entity, new Standing(stage, EPOCHS.incrementAndGet()));
    }

    private static boolean hasNote(Site site) {
        return Boolean.TRUE.equals(site.modern().dsl().fetchValue("select to_regclass('modern.note') is not null"));
    }
}
