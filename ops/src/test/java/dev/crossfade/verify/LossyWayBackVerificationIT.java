package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.LossyKeys;
import dev.crossfade.testing.AnyEntity;
import dev.crossfade.testing.AnyEntity.Row;
import dev.crossfade.testing.AnyEntity.Rows;
import dev.crossfade.testing.Topology;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Verification where the way back respells or loses values. */
class LossyWayBackVerificationIT {

    private static final String LEGACY = """
            create schema old;
            create table old.shift (
                id integer primary key, team text, worked interval, price numeric(12,2), level double precision);
            """;

    private static final String MODERN = """
            create schema new;
            create table new.shift (
                id integer primary key, team text, worked interval, price numeric, level double precision);
            """;

    private static final TableMapping MAPPING = TableMapping.table("shift")
            .legacy("old", "shift")
            .modern("new", "shift")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("team", "text"), "upper(team)")
            .project(new Column("worked", "interval"), "justify_hours(worked)")
            .project(new Column("price", "numeric"), "price")
            .project(new Column("level", "double precision"), "level + 0")
            .restore(new Column("team", "text"), "team")
            .restore(new Column("worked", "interval"), "worked")
            .restore(new Column("price", "numeric(12,2)"), "price")
            .restore(new Column("level", "double precision"), "level")
            .build();

    @ParameterizedTest
    @EnumSource(Topology.class)
    void equalValuesThatAreSpelledDifferentlyAreNoDifferencesAndAreCountedAsSuch(Topology topology) {
        try (AnyEntity shifts = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = shifts.at(Stage.MODERN_PRIMARY);
            rows.save(Row.of("1", "RED", "26:30:00", "1.5", "1"));
            rows.save(Row.of("2", "RED", "1 day 02:30:00", "1.50", "1"));
            rows.save(Row.of("3", "RED", null, "1.500", "-0"));
            shifts.drain();

            Verification.Report report = verify(shifts, false);

            assertThat(report.differenceCount()).isZero();
            assertThat(report.respelled()).isEqualTo(2);
            assertThat(LossyKeys.count(shifts.databases().controlDsl(), Optional.of("shift")))
                    .isZero();

            shifts.of(Side.LEGACY).execute("update old.shift set worked = '26:31' where id = 1");
            assertThat(verify(shifts, false).differences())
                    .singleElement()
                    .isInstanceOfSatisfying(Difference.Different.class, different -> {
                        assertThat(different.key()).isEqualTo(RecordKey.of("1"));
                        assertThat(different.columns()).contains("worked");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRepairNeverDestroysWhatTheModernSideDecided(Topology topology) {
        try (AnyEntity shifts = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = shifts.at(Stage.MODERN_PRIMARY);
            rows.save(Row.of("1", "red", null, "1", null));
            shifts.drain();

            Verification.Report report = verify(shifts, true);

            assertThat(report.differences())
                    .singleElement()
                    .satisfies(one -> assertThat(one.columns()).containsExactly("team"));
            assertThat(rows.find("1").orElseThrow().values().get(1)).isEqualTo("red");
            assertThat(LossyKeys.list(shifts.databases().controlDsl(), Optional.of("shift"), 10))
                    .extracting(LossyKeys.LossyKey::columns)
                    .containsExactly(java.util.List.of("team"));
        }
    }

    /** A repair that mirrors a row again notes the loss that an older version did not note. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aRepairNotesTheKeysThatNobodyHasNoted(Topology topology) {
        try (AnyEntity shifts = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = shifts.at(Stage.MODERN_PRIMARY);
            rows.save(Row.of("1", "red", null, "1", null));
            shifts.drain();
            shifts.of(Side.LEGACY).execute("delete from crossfade.lossy_key");

            verify(shifts, true);

            assertThat(LossyKeys.count(shifts.databases().controlDsl(), Optional.of("shift")))
                    .isEqualTo(1);
        }
    }

    private static Verification.Report verify(AnyEntity shifts, boolean repair) {
        return new Verification(shifts.databases(), MAPPING, VerificationListener.NONE).run(repair);
    }
}
