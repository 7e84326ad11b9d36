package dev.crossfade.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Which tables belong to which entity, and who is refused. */
class EntityTablesIT {

    private static final int PROCESSES = 8;
    private static final Set<SideTable> TABLES = tables("legacy.users", "modern.accounts");

    private final TestDatabase legacy = TestDatabases.create();
    private final TestDatabase modern = TestDatabases.create();

    @AfterEach
    void close() {
        legacy.close();
        modern.close();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondNameForATableIsRefusedOnEitherSide(Topology topology) {
        Databases databases = databases(topology);
        EntityTables.register(databases, "user", TABLES);
        AuthorityTable.put(databases.controlDsl(), "user", new Standing(Stage.MODERN_PRIMARY, 4));

        assertThatThrownBy(() -> EntityTables.register(databases, "customer", TABLES))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("legacy.users is the legacy table of 'user', which stands at modern-primary.")
                .hasMessageContaining("modern.accounts is the modern table of 'user'")
                .hasMessageContaining("crossfade entity rename user customer");
        assertThatThrownBy(
                        () -> EntityTables.register(databases, "customer", tables("legacy.users", "modern.customers")))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(
                        () -> EntityTables.register(databases, "customer", tables("legacy.kunden", "modern.accounts")))
                .isInstanceOf(RefusedException.class);
        assertThat(AuthorityTable.all(databases.controlDsl())).containsOnlyKeys("user");
        assertThat(EntityTables.all(databases.controlDsl()))
                .containsOnlyKeys("user")
                .containsValue(TABLES);
    }

    @ParameterizedTest
    @EnumSource
    void aTableOfTheOtherSideIsAnotherOneInAnotherDatabaseAlone(Topology topology) {
        Databases databases = databases(topology);
        EntityTables.register(databases, "user", TABLES);
        Set<SideTable> swapped = tables("modern.accounts", "legacy.users");

        if (topology == Topology.ONE_DATABASE) {
            assertThatThrownBy(() -> EntityTables.register(databases, "customer", swapped))
                    .isInstanceOf(RefusedException.class);
        } else {
            EntityTables.register(databases, "customer", swapped);
            assertThat(EntityTables.of(databases.controlDsl(), "customer")).isEqualTo(swapped);
        }
    }

    @Test
    void namesAreComparedAsTheCatalogSpellsThem() {
        Databases databases = databases(Topology.ONE_DATABASE);
        EntityTables.register(databases, "user", tables("Legacy.Us.ers\"", "modern.accounts"));

        EntityTables.register(databases, "customer", tables("legacy.us.ers\"", "modern.Accounts"));
        assertThatThrownBy(
                        () -> EntityTables.register(databases, "client", tables("Legacy.Us.ers\"", "modern.clients")))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void columnsInPlaceHaveTheirTableOnce() {
        Databases databases = databases(Topology.ONE_DATABASE);
        Set<SideTable> inPlace = tables("app.users", "app.users");
        EntityTables.register(databases, "user", inPlace);

        EntityTables.register(databases, "user", inPlace);
        assertThatThrownBy(() -> EntityTables.register(databases, "customer", inPlace))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> EntityTables.register(databases, "account", tables("legacy.a", "app.users")))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "LEGACY_ONLY")
    void anEntityThatHasLeftLegacyOnlyKeepsItsTables(Stage stage) {
        Databases databases = databases(Topology.TWO_DATABASES);
        EntityTables.register(databases, "user", TABLES);
        AuthorityTable.put(databases.controlDsl(), "user", new Standing(stage, 5));

        assertThatThrownBy(() -> EntityTables.register(databases, "user", tables("legacy.users", "modern.accounts_v2")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("stands at " + stage.label())
                .hasMessageContaining("modern.accounts_v2 (modern)");
        EntityTables.register(databases, "user", TABLES);
        assertThat(EntityTables.of(databases.controlDsl(), "user")).isEqualTo(TABLES);
        assertThat(AuthorityTable.find(databases.controlDsl(), "user")).hasValue(new Standing(stage, 5));
    }

    @Test
    void atLegacyOnlyTheRecordFollowsTheMapping() {
        Databases databases = databases(Topology.ONE_DATABASE);
        EntityTables.register(databases, "user", TABLES);
        Set<SideTable> others = tables("legacy.users", "modern.accounts_v2");

        EntityTables.register(databases, "user", others);

        assertThat(EntityTables.of(databases.controlDsl(), "user")).isEqualTo(others);
        EntityTables.register(databases, "customer", tables("legacy.customers", "modern.accounts"));
    }

    @Test
    void anEntityOfBeforeTablesWereRecordedGetsItsRecordAndKeepsItsStage() {
        Databases databases = databases(Topology.ONE_DATABASE);
        AuthorityTable.put(databases.controlDsl(), "user", new Standing(Stage.MODERN_READ, 3));

        EntityTables.register(databases, "user", TABLES);

        assertThat(AuthorityTable.find(databases.controlDsl(), "user")).hasValue(new Standing(Stage.MODERN_READ, 3));
        assertThatThrownBy(() -> EntityTables.register(databases, "customer", TABLES))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void ofManyProcessesThatStartAtOnceOneNameGetsTheTables() throws Exception {
        Databases databases = databases(Topology.ONE_DATABASE);

        List<String> refused = atOnce(databases, "one", "two");

        assertThat(AuthorityTable.all(databases.controlDsl())).hasSize(1);
        assertThat(refused)
                .hasSize(PROCESSES / 2)
                .doesNotContainAnyElementsOf(
                        AuthorityTable.all(databases.controlDsl()).keySet());
        assertThat(atOnce(
                        databases,
                        AuthorityTable.all(databases.controlDsl())
                                .keySet()
                                .iterator()
                                .next()))
                .isEmpty();
    }

    @Test
    void neitherNameOfAnInterruptedRenameCanBeUsed() {
        Databases databases = databases(Topology.ONE_DATABASE);
        EntityTables.register(databases, "user", TABLES);
        FormerEntities.begin(
                databases.controlDsl(),
                new Former(0, "user", Optional.of("customer"), Stage.LEGACY_ONLY, false),
                "ada",
                null);

        for (String name : List.of("user", "customer")) {
            assertThatThrownBy(() -> EntityTables.register(databases, name, TABLES))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("`crossfade entity rename user customer` was interrupted");
        }
        assertThatCode(() -> EntityTables.register(databases, "order", tables("legacy.orders", "modern.orders")))
                .doesNotThrowAnyException();
    }

    @Test
    void aNameIsFollowedThroughItsRenames() {
        Databases databases = databases(Topology.ONE_DATABASE);
        renamed(databases, "user", "customer");
        renamed(databases, "customer", "client");
        AuthorityTable.register(databases.controlDsl(), "client");

        assertThat(FormerEntities.presentName(databases.controlDsl(), "user")).isEqualTo("client");
        assertThat(FormerEntities.presentName(databases.controlDsl(), "client")).isEqualTo("client");
        assertThat(FormerEntities.presentName(databases.controlDsl(), "order")).isEqualTo("order");
        AuthorityTable.register(databases.controlDsl(), "user");
        assertThat(FormerEntities.presentName(databases.controlDsl(), "user")).isEqualTo("user");
    }

    private static void renamed(Databases databases, String from, String to) {
        FormerEntities.begin(
                databases.controlDsl(), new Former(0, from, Optional.of(to), Stage.DUAL_WRITE, false), "ada", null);
        FormerEntities.finish(databases.controlDsl(), from);
    }

    /** Registers the same tables in many threads, under the names in turn; returns the names that were refused. */
    private static List<String> atOnce(Databases databases, String... names) throws Exception {
        CyclicBarrier start = new CyclicBarrier(PROCESSES);
        List<String> refused = new ArrayList<>();
        try (ExecutorService processes = Executors.newFixedThreadPool(PROCESSES)) {
            List<Future<?>> registrations = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                String name = names[i % names.length];
                registrations.add(processes.submit(() -> {
                    start.await();
                    EntityTables.register(databases, name, TABLES);
                    return null;
                }));
            }
            for (int i = 0; i < PROCESSES; i++) {
                try {
                    registrations.get(i).get();
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(RefusedException.class);
                    refused.add(names[i % names.length]);
                }
            }
        }
        return refused;
    }

    private Databases databases(Topology topology) {
        Databases databases = topology == Topology.ONE_DATABASE
                ? legacy.databases()
                : new Databases(legacy.dataSource(), modern.dataSource());
        ControlSchema.install(databases);
        return databases;
    }

    /** Reads {@code schema.table}, where the table's name may have dots itself. */
    private static Set<SideTable> tables(String legacyTable, String modernTable) {
        return Set.of(table(Side.LEGACY, legacyTable), table(Side.MODERN, modernTable));
    }

    private static SideTable table(Side side, String name) {
        String[] parts = name.split("\\.", 2);
        return new SideTable(side, parts[0], parts[1]);
    }
}
