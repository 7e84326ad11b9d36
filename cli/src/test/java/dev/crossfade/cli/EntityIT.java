package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.entities.EntityNames;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.QueueActions.Operator;
import dev.crossfade.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tables belong to which entity, and renaming of entities. */
class EntityIT {

    private static final Operator ADA = new Operator("ada", null);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aMappingFileThatCallsAnEntityOtherwiseIsRefused(Topology topology) throws Exception {
        try (Site site = Site.create(folder, topology)) {
            site.moveTo("modern-primary", "user", "order");
            callUserCustomer(site);

            Ran verify = site.run("verify", "--all");

            // The other entity is processed.
            assertThat(verify.code()).isEqualTo(1);
            assertThat(verify.err())
                    .contains("legacy.users is the legacy table of 'user', which stands at modern-primary")
                    .contains("crossfade entity rename user customer");
            assertThat(site.run("worker", "--once").code()).isEqualTo(1);
            assertThat(site.run("backfill", "customer").code()).isEqualTo(3);
            Ran status = site.run("status", "--output", "json");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.json().at("/entities"))
                    .extracting(entity -> entity.at("/entity").asString())
                    .containsExactly("order", "user");
            assertThat(status.json().at("/mapping/problem").asString()).contains("legacy.users");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRenameTakesEverythingAlong(Topology topology) throws Exception {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 20);
            site.run("stage", "user", "order", "--to", "dual-write");
            site.run("backfill", "user", "order");
            site.run("verify", "user", "order");
            site.run("worker", "--once", "--grace", "0s");
            site.moveTo("modern-read", "user", "order");
            site.run("flags", "ramp", "user", "12.5");
            site.noteIntents("user", "1", "2");
            new MissedWrites(site.legacy().dsl())
                    .missed("user", RecordKey.of("3"), Side.MODERN, new SQLException("no", "22001"));
            site.run("queue", "park", "user", "--key", "3", "--reason", "a test");
            List<String> before = rows(site, "user");
            assertThat(before).isNotEmpty();
            Ran unchanged = site.run("stage", "user", "--output", "json");

            Ran renamed = site.run("entity", "rename", "user", "customer", "--by", "ada", "--output", "json");

            assertThat(renamed.err()).isEmpty();
            assertThat(renamed.code()).isZero();
            assertThat(renamed.json().at("/renamedTo").asString()).isEqualTo("customer");
            assertThat(renamed.json().at("/ending").asString()).isEqualTo("done");
            assertThat(rows(site, "user")).isEmpty();
            assertThat(rows(site, "customer")).isEqualTo(before);
            callUserCustomer(site);
            assertThat(site.run("status").code()).isZero();
            assertThat(site.run("stage", "customer", "--output", "json").json().at("/entities/0/stage"))
                    .isEqualTo(unchanged.json().at("/entities/0/stage"));
            assertThat(site.run("flags").out()).contains("customer.modern-read").doesNotContain("user.");
            assertThat(site.run("queue", "history", "customer").out()).contains("park");
            assertThat(site.run("queue", "show", "customer", "--key", "3").out())
                    .contains("park");
            assertThat(site.run("entity", "rename", "user", "customer").out()).contains("nothing was left to do");
            assertThat(site.run("entity", "rename", "user", "client").code()).isEqualTo(2);
            site.run("queue", "retry", "customer");
            assertThat(site.run("worker", "--once", "--grace", "0s").code()).isZero();
            assertThat(site.run("verify", "customer").code()).isZero();
            assertThat(site.legacy().dsl().fetchValue("select changed_by from crossfade.former_entity"))
                    .isEqualTo("ada");
        }
    }

    /** The modern database is done, the control database is not. */
    @Test
    void anInterruptedRenameIsCompletedByTheSameCommand() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.moveTo("modern-primary", "user", "order");
            site.legacy().execute("""
                    create function crossfade.fails() returns trigger language plpgsql as
                        $$ begin raise exception 'the line was cut'; end $$;
                    create trigger fails before update on crossfade.entity_table
                        for each row execute function crossfade.fails();
                    """);

            Ran cut = site.run("entity", "rename", "user", "customer");
            assertThat(cut.code()).isEqualTo(1);
            assertThat(cut.err()).contains("Give the same command again", "the line was cut");
            assertThat(AuthorityTable.all(site.modern().dsl())).containsOnlyKeys("customer", "order");
            assertThat(AuthorityTable.all(site.legacy().dsl())).containsOnlyKeys("user", "order");

            assertThat(site.run("stage", "user", "--to", "modern-read").err())
                    .contains("`crossfade entity rename user customer` was interrupted");
            assertThat(site.run("entity", "rename", "user", "client").code()).isEqualTo(3);
            assertThat(site.run("entity", "forget", "user").code()).isEqualTo(3);
            assertThat(site.run("verify", "--all").code()).isEqualTo(1);
            Ran list = site.run("entity", "list");
            assertThat(list.code()).isEqualTo(1);
            assertThat(list.out()).contains("give it again: crossfade entity rename user customer");

            site.legacy().execute("drop function crossfade.fails cascade");
            Ran again = site.run("entity", "rename", "user", "customer");
            assertThat(again.out()).contains("an interrupted run was completed");
            assertThat(AuthorityTable.all(site.legacy().dsl())).containsOnlyKeys("customer", "order");
            assertThat(rows(site, "user")).isEmpty();
            assertThat(site.run("entity", "list").out()).contains("customer", "modern-primary", "legacy.users");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverWorksOnAnEntityKeepsItsName(Topology topology) throws Exception {
        try (Site site = Site.create(folder, topology);
                TestDatabase.Session session = site.legacy().session();
                TestDatabase.Session other = site.modern().session()) {
            site.run("stage", "user", "order", "--to", "dual-write");
            Instance instance = Instance.ofThisProcess("1.0");
            Fleet fleet = new Fleet(site.legacy().dsl());

            fleet.heartbeat(instance, Map.of("user", 1L), Map.of());
            refused(site, "The instance " + instance.name() + " serves it.");
            fleet.heartbeat(instance, Map.of("order", 1L), Map.of());
            site.run("capture", "install", "user");
            refused(site, "crossfade capture remove user");
            site.run("capture", "remove", "user");
            session.execute("select pg_advisory_lock(hashtextextended('crossfade/backfill/user', 0))");
            refused(site, "Its backfill runs");
            session.execute("select pg_advisory_unlock_all()");
            session.execute("select pg_advisory_lock_shared(hashtextextended('crossfade/authority/user', 0))");
            refused(site, "Its stage is being changed");
            session.execute("select pg_advisory_unlock_all()");
            other.execute("select pg_advisory_lock(hashtextextended('crossfade/authority/user', 0))");
            refused(site, "Its stage is being changed");
            other.execute("select pg_advisory_unlock_all()");
            session.execute("begin; insert into legacy.users values (7, 'g@example.org')");
            refused(site, "writes legacy.users");
            session.execute("commit");
            other.execute("begin; insert into modern.accounts values (8, 'h@example.org')");
            refused(site, "writes modern.accounts");
            other.execute("commit");
            for (String command : List.of("worker", "recover", "migrate")) {
                other.execute("set application_name = 'crossfade %s'".formatted(command));
                refused(site, "`crossfade %s` is connected to the".formatted(command));
            }
            other.execute("reset application_name");
            assertThat(site.run("entity", "rename", "user", "customer").err()).isEmpty();
        }
    }

    @Test
    void aNameThatIsTakenOrNoneIsRefused() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.install();
            assertThat(site.run("entity", "rename", "user", "order").err()).contains("'order' is taken");
            site.noteIntents("ghost", "1");
            Ran leftover = site.run("entity", "rename", "user", "ghost");
            assertThat(leftover.code()).isEqualTo(3);
            assertThat(leftover.err()).contains("crossfade.intent");
            AuthorityTable.put(site.modern().dsl(), "fenced", new Standing(Stage.MODERN_PRIMARY, 4));
            assertThat(site.run("entity", "rename", "user", "fenced").code()).isEqualTo(3);
            for (String bad : List.of("Customer", "9lives", "a.b", "", "user")) {
                assertThat(site.run("entity", "rename", "user", bad).code()).isEqualTo(2);
            }
            assertThat(site.run("entity", "rename", "nobody", "somebody").err())
                    .contains("There is no entity 'nobody'. The entities are: order, user.");
        }
    }

    @Test
    void flagsOfAnEntityWithALongerNameAreLeftAlone() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.run("stage", "user", "order", "--to", "dual-write");
            site.legacy().execute("""
                    insert into crossfade.flag (feature_name, feature_enabled)
                    values ('user-x.dual-write', 1), ('user.x.dual-write', 1), ('userr.dual-write', 1)
                    """);

            site.run("entity", "rename", "user", "customer");

            assertThat(site.legacy()
                            .dsl()
                            .fetch("select feature_name from crossfade.flag where feature_enabled = 1")
                            .map(row -> row.get(0, String.class)))
                    .containsExactlyInAnyOrder(
                            "customer.dual-write",
                            "order.dual-write",
                            "user-x.dual-write",
                            "user.x.dual-write",
                            "userr.dual-write");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEntityIsForgottenOnlyWhereNothingIsLost(Stage stage) {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.run("stage", "user", "order", "--to", "dual-write");
            AuthorityTable.put(site.legacy().dsl(), "user", new Standing(stage, 7));
            AuthorityTable.put(site.modern().dsl(), "user", new Standing(stage, 7));
            site.noteIntents("user", "1");

            Ran forgotten = site.run("entity", "forget", "user", "--reason", "a test");

            assertThat(forgotten.code()).isEqualTo(stage == Stage.LEGACY_ONLY ? 0 : 3);
            if (stage == Stage.MODERN_ONLY) {
                site.legacy().execute("drop table legacy.users cascade");
                forgotten = site.run("entity", "forget", "user", "--reason", "a test");
                assertThat(forgotten.code()).isZero();
                site.write("migrations/V1__note.up.sql", "create table modern.note (id int);");
                site.write("migrations/V1__note.down.sql", "drop table modern.note;");
                site.run("migrate", "up");
                assertThat(site.run("migrate", "down", "--force", "--reason", "x")
                                .err())
                        .contains("entity user: it stands at modern-only");
            }
            if (forgotten.code() == 0) {
                assertThat(AuthorityTable.all(site.legacy().dsl())).containsOnlyKeys("order");
                assertThat(AuthorityTable.all(site.modern().dsl())).doesNotContainKey("user");
                assertThat(EntityTables.of(site.legacy().dsl(), "user")).isEmpty();
                assertThat(site.run("entity", "forget", "user").out()).contains("nothing was left to do");
            } else {
                assertThat(forgotten.err()).contains("It stands at " + stage.label());
                assertThat(AuthorityTable.all(site.legacy().dsl())).containsOnlyKeys("order", "user");
            }
        }
    }

    @Test
    void registrationWaitsForARenameThatIsUnderWay() throws Exception {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE);
                TestDatabase.Session rename = site.legacy().session()) {
            site.install();
            rename.execute("begin; select pg_advisory_xact_lock(hashtextextended('crossfade/entities', 0))");
            FormerEntities.begin(
                    site.legacy().dsl(),
                    new Former(0, "user", Optional.of("customer"), Stage.LEGACY_ONLY, false),
                    "ada",
                    null);

            Ran waited = site.run("verify", "user");

            assertThat(waited.code()).isEqualTo(3);
            assertThat(waited.err()).contains("Entities are being renamed at this moment");
            rename.execute("commit");
            assertThatThrownBy(() -> new EntityNames(site.databases()).rename("order", "customer", ADA))
                    .isInstanceOf(RefusedException.class);
            assertThat(new EntityNames(site.databases()).rename("user", "customer", ADA))
                    .isEqualTo(EntityNames.Ending.COMPLETED);
        }
    }

    private static void refused(Site site, String why) {
        Ran refused = site.run("entity", "rename", "user", "customer");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("Nothing was done", why);
        assertThat(AuthorityTable.all(site.legacy().dsl())).containsKey("user");
    }

    private void callUserCustomer(Site site) throws Exception {
        String mapping = Files.readString(folder.resolve("crossfade.yaml"));
        site.write("crossfade.yaml", mapping.replace("  user:", "  customer:"));
    }

    /** Every table of both databases with the number of rows that it has under a name, counted here. */
    private static List<String> rows(Site site, String entity) {
        List<String> rows = new ArrayList<>();
        for (TestDatabase database :
                site.legacy() == site.modern() ? List.of(site.legacy()) : List.of(site.legacy(), site.modern())) {
            DSLContext dsl = database.dsl();
            dsl.fetch("""
                            select table_name from information_schema.columns
                            where table_schema = 'crossfade' and column_name = 'entity' order by 1
                            """).forEach(table -> {
                int count = dsl.fetchCount(
                        DSL.table(DSL.name("crossfade", table.get(0, String.class))),
                        DSL.field("entity", String.class).eq(entity));
                if (count > 0) {
                    rows.add(database.name() + "." + table.get(0) + " " + count);
                }
            });
        }
        return rows;
    }
}
