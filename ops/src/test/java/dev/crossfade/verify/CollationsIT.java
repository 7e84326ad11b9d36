package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.MappedWorld;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Text columns whose collations differ between the sides. In one database one statement uses both, and the server
 * refuses to choose between two collations.
 */
class CollationsIT {

    private static final String LEGACY = """
            create table legacy.word (id text collate "C" primary key, term text collate "C", lang varchar(10) collate "POSIX");
            insert into legacy.word
            select case when i % 2 = 0 then 'b' else 'B' end || i || '-', 'Term ' || i, 'l' from generate_series(1, 300) as i
            """;
    private static final String MODERN = """
            create table modern.word (id text collate "und-x-icu" primary key, term varchar(20) collate "und-x-icu", lang text collate "C")
            """;

    private static TableMapping words() {
        return TableMapping.table("word")
                .legacy("legacy", "word")
                .modern("modern", "word")
                .key(new Column("id", "text"), new Column("id", "text"))
                .project(new Column("term", "character varying(20)"), "term")
                .project(new Column("lang", "text"), "lang")
                .restore(new Column("term", "text"), "term")
                .restore(new Column("lang", "character varying(10)"), "lang")
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void areComparedSweptAndRepaired(Topology topology) {
        TableMapping mapping = words();
        try (MappedWorld world = new MappedWorld(topology, LEGACY, MODERN, mapping)) {
            world.moveTo(Stage.DUAL_WRITE);
            backfill(world, mapping);
            assertThat(differences(world, mapping, false)).isZero();

            world.records().save(TextRecord.of("b2-", "Saved", "s"));
            world.of(Side.MODERN).execute("delete from modern.word where id = 'B3-'");
            world.of(Side.MODERN).execute("update modern.word set term = lower(term) where id = 'b4-'");
            world.of(Side.LEGACY).execute("delete from legacy.word where id = 'b6-'");
            assertThat(differences(world, mapping, false)).isEqualTo(3);
            assertThat(differences(world, mapping, true)).isZero();
            Sweep.Turn turn = new Sweep(
                            world.databases(),
                            mapping,
                            new Sweep.Settings(1_000_000, Duration.ZERO),
                            SweepListener.NONE)
                    .turn(Duration.ofSeconds(20), () -> false);
            assertThat(turn.ended()).isTrue();
            assertThat(turn.found()).isZero();
            assertThat(world.rows(Side.MODERN, "select id, term, lang from modern.word"))
                    .containsExactlyInAnyOrderElementsOf(world.rows(Side.LEGACY, "select * from legacy.word"))
                    .contains("(b2-,Saved,s)");
        }
    }

    /** The legacy side's narrower columns may lose something, so each row that is written there is read back. */
    @ParameterizedTest
    @EnumSource
    void areWrittenBackWhileTheModernSideDecides(Topology topology) {
        TableMapping mapping = words();
        try (MappedWorld world = new MappedWorld(topology, LEGACY, MODERN, mapping)) {
            world.moveTo(Stage.DUAL_WRITE);
            backfill(world, mapping);
            world.moveTo(Stage.MODERN_PRIMARY);

            world.records().save(TextRecord.of("b8-", "Saved", "s"));
            world.of(Side.MODERN).execute("update modern.word set term = 'Noted' where id = 'B9-'");
            Notes.append(world.databases().dsl(Side.MODERN), "word", List.of(RecordKey.of("B9-")));
            world.drain();
            world.moveTo(Stage.MODERN_READ);

            assertThat(world.rows(Side.LEGACY, "select * from legacy.word"))
                    .containsExactlyInAnyOrderElementsOf(
                            world.rows(Side.MODERN, "select id, term, lang from modern.word"))
                    .contains("(b8-,Saved,s)", "(B9-,Noted,l)");
        }
    }

    @Test
    void areFilledAndComparedInPlace() {
        TableMapping mapping = TableMapping.columns("word")
                .legacy("legacy", "word")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .shared(new Column("lang", "text"))
                .project(new Column("both", "text"), "term || ' ' || (lang collate \"C\")")
                .restore(new Column("term", "text"), "split_part(\"both\", ' ', 1)")
                .build();
        String ddl = """
                create table legacy.word (id integer primary key, term text, lang text collate "POSIX", "both" text collate "und-x-icu");
                insert into legacy.word select i, 'Term' || i, 'l' from generate_series(1, 20) as i
                """;
        try (MappedWorld world = new MappedWorld(Topology.ONE_DATABASE, ddl, "select 1", mapping)) {
            world.moveTo(Stage.DUAL_WRITE);
            backfill(world, mapping);
            world.of(Side.LEGACY).execute("update legacy.word set term = 'Other' where id = 3");

            assertThat(differences(world, mapping, false)).isEqualTo(1);
            assertThat(differences(world, mapping, true)).isZero();
            assertThat(world.rows(Side.LEGACY, "select \"both\" from legacy.word where id in (3, 4)"))
                    .containsExactly("(\"Other l\")", "(\"Term4 l\")");
        }
    }

    private static void backfill(MappedWorld world, TableMapping mapping) {
        new Backfill(world.databases(), mapping, new Backfill.Settings(100, 0), BackfillListener.NONE).run();
    }

    private static long differences(MappedWorld world, TableMapping mapping, boolean repair) {
        return new Verification(world.databases(), mapping, VerificationListener.NONE)
                .run(repair)
                .differenceCount();
    }
}
