package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.control.AuthorityTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The messages for an operator who repairs, or whose mapping file differs from the services'. */
class RepairCommandIT {

    private static final String OTHER = "0123456789ab";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aRepairThatWouldDestroyTooMuchIsShownAndAskedFor(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 150);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.legacy().execute("delete from legacy.users where id <= 101");

            Ran dry = site.run("verify", "user", "--dry-run");
            Ran held = site.run("verify", "user", "--repair");
            Ran json = site.run("verify", "user", "--repair", "--output", "json");
            Ran tooFew = site.run("verify", "user", "--repair", "--allow-rows", "100");

            assertThat(dry.code()).isEqualTo(1);
            assertThat(dry.out())
                    .contains("101 differences")
                    .contains("would delete or overwrite 101 rows of the mirror and add 0")
                    .contains("may delete or overwrite 100 without being told so");
            assertThat(held.code()).isEqualTo(3);
            assertThat(held.out())
                    .contains("Nothing was repaired")
                    .contains("101 rows of the mirror, 100 allowed")
                    .contains("crossfade verify user --repair --allow-rows 101")
                    .contains("extra")
                    .contains("… and 1 more.");
            assertThat(json.code()).isEqualTo(3);
            JsonNode user = json.json().at("/verifications/0");
            assertThat(user.at("/destructive").asInt()).isEqualTo(101);
            assertThat(user.at("/allowed").asInt()).isEqualTo(100);
            assertThat(user.at("/repaired").asInt()).isZero();
            assertThat(user.at("/records")).hasSize(100);
            assertThat(tooFew.code()).isEqualTo(3);
            assertThat(accounts(site)).isEqualTo(150L);
            assertThat(site.run("status", "--output", "json").json().at("/entities"))
                    .anySatisfy(entity -> assertThat(
                                    entity.at("/verification/differences").asInt())
                            .isEqualTo(101));

            Ran agreed = site.run("verify", "user", "--repair", "--allow-rows", "101");

            assertThat(agreed.code()).isZero();
            assertThat(agreed.out()).contains("101 repaired");
            assertThat(accounts(site)).isEqualTo(49L);
            assertThat(site.run("verify", "user", "--repair", "--allow-rows", "-1")
                            .code())
                    .isEqualTo(2);
            assertThat(site.run("verify", "user", "--allow-rows", "5").code()).isEqualTo(2);
            assertThat(site.run("verify", "user", "--repair", "--dry-run").code())
                    .isEqualTo(2);
        }
    }

    /** The services run a version with a mapping that this crossfade.yaml does not have. */
    @ParameterizedTest
    @EnumSource
    void anOlderMappingFileDoesNothing(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 10);
            site.run("stage", "user", "--to", "dual-write");
            site.run("backfill", "user");
            site.run("verify", "user");
            AuthorityTable.adoptMapping(site.databases().controlDsl(), "user", OTHER);
            site.modern().execute("update modern.accounts set full_name = 'By the other mapping'");
            site.noteIntents("user", "1");

            for (List<String> command : List.of(
                    List.of("verify", "user"),
                    List.of("verify", "user", "--repair"),
                    List.of("backfill", "user"),
                    List.of("stage", "user", "--to", "shadow-read"))) {
                Ran ran = site.run(command.toArray(String[]::new));
                assertThat(ran.code()).as("%s: %s", command, ran.err()).isEqualTo(3);
                assertThat(ran.err()).as("%s", command).contains(OTHER);
            }
            site.run("worker", "--once");

            assertThat(site.modern()
                            .dsl()
                            .fetchValue(
                                    "select count(*) from modern.accounts where full_name = 'By the other mapping'"))
                    .isEqualTo(10L);
            assertThat(site.run("stage", "user").out()).contains("user stands at dual-write");
        }
    }

    private static Object accounts(Site site) {
        return site.modern().dsl().fetchValue("select count(*) from modern.accounts");
    }
}
