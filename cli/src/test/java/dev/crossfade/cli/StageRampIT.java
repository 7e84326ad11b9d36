package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** How many reads move with the step to {@code modern-read}. */
class StageRampIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void noReadsMoveUnlessSomebodySaysSo(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.moveTo("shadow-read", "user");

            Ran moved = move(site);

            assertThat(moved.code()).isZero();
            assertThat(moved.out())
                    .contains("user moved from shadow-read to modern-read.")
                    .contains("user: 0% of the keys are read from the modern side.")
                    .contains("crossfade flags ramp user PERCENT");
            assertThat(ramp(site)).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRampIsInForceFromTheStepOnAndKeptByTheNextOne(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.moveTo("shadow-read", "user");
            assertThat(site.run("flags", "ramp", "user", "3", "--by", "tenant", "--always", "acme")
                            .code())
                    .isZero();

            JsonNode moved = move(site, "--ramp", "12.5", "--output", "json").json();
            assertThat(moved.at("/ramps/0/percent").asString()).isEqualTo("12.5");
            assertThat(moved.at("/ramps/0/by").asString()).isEqualTo("tenant");
            assertThat(moved.at("/ramps/0/tenants/0").asString()).isEqualTo("acme");
            assertThat(ramp(site)).isEqualTo("12.5");

            Ran again = move(site, "--ramp", "50");
            assertThat(again.out())
                    .contains("user is at modern-read already.")
                    .contains("user: 12.5% of the tenants (by tenant) are read from the modern side, and always acme.");
            assertThat(site.run("stage", "user", "--to", "shadow-read").code()).isZero();
            assertThat(move(site).out()).contains("user: 12.5% of the tenants");
        }
    }

    /** A refused command has not set a ramp either. */
    @Test
    void aStepThatIsRefusedLeavesTheRampAlone() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.moveTo("shadow-read", "user");
            assertThat(site.run("flags", "ramp", "user", "3").code()).isZero();

            assertThat(site.run("stage", "user", "--to", "modern-read", "--ramp", "50")
                            .code())
                    .isEqualTo(3);
            assertThat(ramp(site)).isEqualTo("3");
            assertThat(site.run("stage", "user", "--to", "dual-write", "--ramp", "50")
                            .code())
                    .isEqualTo(2);
        }
    }

    private static Ran move(Site site, String... more) {
        String[] step = {"stage", "user", "--to", "modern-read", "--force", "--reason", "a test"};
        String[] all = new String[step.length + more.length];
        System.arraycopy(step, 0, all, 0, step.length);
        System.arraycopy(more, 0, all, step.length, more.length);
        return site.run(all);
    }

    private static String ramp(Site site) {
        for (JsonNode flag : site.run("flags", "--output", "json").json().at("/flags")) {
            if (flag.at("/flag").asString().equals("user.modern-read")) {
                return flag.at("/ramp").asString();
            }
        }
        throw new AssertionError("no such flag");
    }
}
