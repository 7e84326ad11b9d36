package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.Site.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrateIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void migrationsGoUpAndDownAndShowTheirState(Topology topology) {
        try (Site site = Site.create(folder, topology)) {
            site.write("migrations/V1__note.up.sql", "-- crossfade: side=modern\ncreate table modern.note (id int);");
            site.write("migrations/V1__note.down.sql", "drop table modern.note;");
            site.write(
                    "migrations/V2__remark.up.sql", "-- crossfade: side=modern\ncreate table modern.remark (id int);");

            site.install();
            assertThat(site.run("migrate", "status").out()).contains("pending");
            assertThat(site.run("migrate", "up", "--to", "1").out()).contains("applied 1 (note) in ");
            Ran up = site.run("migrate", "up", "--output", "json");
            assertThat(up.code()).isZero();
            assertThat(up.json().at("/migrations/0/version").asString()).isEqualTo("2");
            assertThat(site.run("migrate", "up").out()).contains("Nothing to do");
            assertThat(site.run("migrate", "status", "--output", "json")
                            .json()
                            .at("/migrations/0/state")
                            .asString())
                    .isEqualTo("applied");
            assertThat(site.modern().dsl().fetchValue("select to_regclass('modern.note') is not null"))
                    .isEqualTo(true);

            Ran noDownFile = site.run("migrate", "down", "--to", "0");
            assertThat(noDownFile.code()).isEqualTo(2);
            assertThat(noDownFile.err()).contains("it has no down file");
            site.write("migrations/V2__remark.down.sql", "drop table modern.remark;");
            assertThat(site.run("migrate", "down", "--steps", "2").out())
                    .contains("reverted 2 (remark)")
                    .contains("reverted 1 (note)");
        }
    }

    @Test
    void anEditedMigrationIsAProblem() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.write("migrations/V1__note.up.sql", "create table modern.note (id int);");
            site.run("migrate", "up");
            site.write("migrations/V1__note.up.sql", "create table modern.note (id bigint);");

            Ran status = site.run("migrate", "status");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains("edited");
            assertThat(site.run("migrate", "up").code()).isEqualTo(2);
        }
    }

    @Test
    void contractionIsRefusedUntilTheEntityStandsAtModernOnly() {
        try (Site site = Site.create(folder, Topology.ONE_DATABASE)) {
            site.write("migrations/V1__contract.up.sql", """
                    -- crossfade: phase=contract
                    -- crossfade: entity=order
                    drop table legacy.orders;
                    """);
            site.moveTo("modern-primary", "order");

            Ran refused = site.run("migrate", "up");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("entity order: it stands at modern-primary, and modern-only is required.")
                    .contains("crossfade stage order --to modern-only");
            site.run("stage", "order", "--to", "modern-only", "--force", "--reason", "a test");
            assertThat(site.run("migrate", "up").code()).isZero();
        }
    }
}
