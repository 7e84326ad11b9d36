package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class CheckCommandIT {

    private static final String CUT =
            "create function modern.cut() returns trigger language plpgsql as 'begin new.full_name := left(new.full_name, 2); return new; end'";
    private static final String CUTS =
            "create trigger cut before insert or update on modern.accounts for each row execute function modern.cut()";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aSoundMappingIsCheckedBeforeAnythingIsInstalled(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.insertUsers(1, 5);

            Ran ran = site.run("check");

            assertThat(ran.err()).isEmpty();
            assertThat(ran.code()).isZero();
            assertThat(ran.out())
                    .contains("crossfade.yaml: 2 entities checked, 0 errors, ")
                    .contains("ROWS TRIED");
            assertThat(site.legacy().dsl().fetchValue("select to_regnamespace('crossfade') is null"))
                    .isEqualTo(true);
            assertThat(site.legacy().dsl().fetchValue("select count(*) from legacy.users"))
                    .isEqualTo(5L);
            assertThat(site.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTriggerThatChangesRowsClosesTheGateUntilTheRemedyIsApplied(Topology topology) {
        try (Site site = Site.create(folder, topology).install()) {
            site.modern().execute(CUT, CUTS);

            Ran refused = site.run("stage", "user", "--to", "dual-write");
            Ran checked = site.run("check", "--output", "json", "user");

            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err()).contains("full_name").contains("`crossfade check user`");
            assertThat(checked.code()).isEqualTo(1);
            JsonNode report = checked.json();
            assertThat(report.get("errors").asInt()).isEqualTo(1);
            JsonNode error = report.get("findings").get(0);
            assertThat(error.get("severity").asString()).isEqualTo("error");
            assertThat(error.get("path").asString()).isEqualTo("entities.user.project.full_name");
            String remedy = error.get("remedy").asString();

            site.modern().execute(remedy.substring(remedy.indexOf("CREATE OR REPLACE TRIGGER")));

            assertThat(site.run("check", "user").code()).isZero();
            assertThat(site.run("stage", "user", "--to", "dual-write").code()).isZero();
        }
    }

    @Test
    void warningsAreShownAndAreNoReasonToFail() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.insertUsers(1, 2);
            site.modern()
                    .execute(
                            CUT.replace("left(new.full_name, 2)", "new.full_name"),
                            CUTS,
                            "alter table modern.orders add check (total < 1000)");

            Ran ran = site.run("check");

            assertThat(ran.code()).isZero();
            assertThat(ran.out())
                    .contains("crossfade.yaml:")
                    .contains("warning ")
                    .contains("'cut' runs before rows of modern.accounts")
                    .contains("orders_total_check");
        }
    }

    @Test
    void theTroubleOfOneEntityDoesNotKeepTheOthersFromBeingChecked() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.legacy().execute("drop table legacy.orders");
            site.modern().execute(CUT, CUTS);

            Ran all = site.run("check", "--output", "json");
            Ran one = site.run("check", "user");
            Ran unknown = site.run("check", "nobody");

            assertThat(all.code()).isEqualTo(1);
            assertThat(all.out()).contains("entities.order").contains("entities.user.project.full_name");
            assertThat(one.code()).isEqualTo(1);
            assertThat(one.out()).doesNotContain("entities.order");
            assertThat(unknown.code()).isEqualTo(2);
            assertThat(unknown.out()).isEmpty();
            assertThat(unknown.err()).contains("There is no entity 'nobody' in ");
        }
    }
}
