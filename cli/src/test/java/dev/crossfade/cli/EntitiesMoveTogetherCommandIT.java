package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.UsedTogether;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator sees of entities that share transactions. */
class EntitiesMoveTogetherCommandIT {

    @TempDir
    private Path folder;

    @Test
    void statusAndStageShowThemAndTheStepOfOneAloneIsRefused() {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.install().moveTo("modern-read", "user", "order");
            JsonNode before = site.run("status", "--output", "json").json();
            assertThat(before.at("/entities/0/movesWith").isEmpty()).isTrue();
            tell(site, "user", "order");

            assertThat(site.run("status").out())
                    .contains("order, user share transactions: their authority moves together.");
            assertThat(site.run("status", "--output", "json")
                            .json()
                            .at("/entities/1/movesWith/0")
                            .asString())
                    .isEqualTo("order");
            Ran alone = site.run("stage", "user");
            assertThat(alone.out())
                    .contains("It shares transactions with order: their authority moves together.")
                    .contains("moves together");
            assertThat(gate(site.run("stage", "user", "--output", "json").json())
                            .at("/state")
                            .asString())
                    .isEqualTo("closed");
            assertThat(gate(site.run("stage", "user", "order", "--output", "json")
                                    .json())
                            .at("/state")
                            .asString())
                    .isEqualTo("open");

            Ran refused = site.run("stage", "user", "--to", "modern-primary");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains(
                            "Gate 'moves together' is closed for user: it shares transactions with order (modern-read)")
                    .contains("crossfade stage order user --to modern-primary");
            assertThat(gate(site.run("stage", "user", "--gate-together-within", "0s", "--output", "json")
                                    .json())
                            .at("/state")
                            .asString())
                    .isEqualTo("open");
        }
    }

    /** A group follows its entities when they are renamed. */
    @Test
    void aGroupIsRenamedWithItsEntity() throws IOException {
        try (Site site = Site.create(folder, Topology.TWO_DATABASES)) {
            site.install();
            tell(site, "user", "order");

            site.write("crossfade.yaml", renamed());
            assertThat(site.run("entity", "rename", "user", "customer").code()).isZero();

            assertThat(site.run("status", "--output", "json")
                            .json()
                            .at("/entities/0/movesWith/0")
                            .asString())
                    .isEqualTo("order");
            assertThat(site.legacy()
                            .dsl()
                            .fetchValue("select string_agg(entity, ',' order by entity) from crossfade.entity_group"))
                    .isEqualTo("customer,order");
        }
    }

    @Test
    void inOneDatabaseTheGateIsNotConcerned() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.install().moveTo("modern-read", "user", "order");

            assertThat(gate(site.run("stage", "user", "--output", "json").json())
                            .at("/state")
                            .asString())
                    .isEqualTo("not-concerned");
        }
    }

    private String renamed() throws IOException {
        return Files.readString(folder.resolve("crossfade.yaml")).replace("  user:", "  customer:");
    }

    private static void tell(Site site, String... entities) {
        try (UsedTogether together =
                new UsedTogether(new EntityGroups(site.databases().controlDsl()), Instance.ofThisProcess("test"))) {
            together.noted(Set.of(entities));
        }
    }

    private static JsonNode gate(JsonNode report) {
        for (JsonNode gate : report.at("/entities/0/next/gates")) {
            if (gate.at("/gate").asString().equals("moves together")) {
                return gate;
            }
        }
        throw new AssertionError("no such gate: " + report);
    }
}
