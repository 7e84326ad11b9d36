package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.LockPatience;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.MappedWorld;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.TextRecords.TextRecord;
import dev.crossfade.testing.Topology;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that exchange unique values, and rows that refer to each other, whichever side is the mirror with the
 * constraints, and whoever writes them.
 */
class RowsThatFitTogetherIT {

    private static final TableMapping SEAT = TableMapping.table("seat")
            .legacy("legacy", "seat")
            .modern("modern", "seat")
            .key(new Column("id", "integer"), new Column("Id", "bigint"))
            .project(new Column("Place", "integer"), "place")
            .project(new Column("Beside", "bigint"), "beside")
            .restore(new Column("place", "integer"), "\"Place\"")
            .restore(new Column("beside", "integer"), "\"Beside\"")
            .build();

    private static final int SEATS = 6;

    /** Who brings the changes to the mirror. */
    private enum Way {
        A_SERVICE,
        CAPTURE,
        THE_WORKER,
        A_REPAIR
    }

    static Stream<Arguments> all() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Side.values())
                        .flatMap(authority -> Stream.of("", "not null")
                                .flatMap(nullable -> Stream.of(Way.values())
                                        .map(way -> Arguments.of(topology, authority, nullable, way)))));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theyConverge(Topology topology, Side authority, String nullable, Way way) throws SQLException {
        boolean legacyDecides = authority == Side.LEGACY;
        String legacy = legacyDecides ? "" : nullable + " unique";
        String modern = legacyDecides ? nullable + " unique" : "";
        try (MappedWorld world = new MappedWorld(
                topology,
                "create table legacy.seat (id integer primary key, place integer %s, beside integer %s)"
                        .formatted(legacy, legacyDecides ? "" : "references legacy.seat"),
                "create table modern.seat (\"Id\" bigint primary key, \"Place\" integer %s, \"Beside\" bigint %s)"
                        .formatted(modern, legacyDecides ? "references modern.seat" : ""),
                SEAT)) {
            world.moveTo(legacyDecides ? Stage.DUAL_WRITE : Stage.MODERN_PRIMARY);
            world.records()
                    .saveAll(IntStream.rangeClosed(1, SEATS)
                            .mapToObj(n -> TextRecord.of("" + n, "" + n, null))
                            .toList());
            world.drain();

            change(world, authority, way);

            assertThat(rows(world, Side.LEGACY)).isEqualTo(rows(world, Side.MODERN));
            assertThat(rows(world, authority))
                    .contains("1 2 null", "2 3 null", "3 1 null", "4 5 5", "5 4 4", "7 7 8", "8 8 7", "9 6 10")
                    .hasSize(9);
        }
    }

    /**
     * A rotation, a swap of rows that refer to each other, a value passed on by a deleted row, and rows before those
     * they refer to.
     */
    private static void change(MappedWorld world, Side authority, Way way) throws SQLException {
        switch (way) {
            case A_SERVICE -> {
                world.crossfade().transaction(tx -> {
                    TextRecords seats = world.records().in(tx);
                    seats.saveAll(List.of(
                            TextRecord.of("1", "2", null),
                            TextRecord.of("2", "3", null),
                            TextRecord.of("3", "1", null)));
                    seats.save(TextRecord.of("4", "5", "5"));
                    seats.save(TextRecord.of("5", "4", "4"));
                    seats.save(TextRecord.of("7", "7", "8"));
                    seats.save(TextRecord.of("9", "6", "10"));
                    seats.delete(List.of("6"));
                    seats.save(TextRecord.of("8", "8", "7"));
                    seats.save(TextRecord.of("10", "10", null));
                    return null;
                });
                world.drain();
            }
            case CAPTURE -> {
                new Capture(world.databases(), LockPatience.DEFAULTS).install(SEAT);
                bypass(world, authority);
                world.drain();
            }
            case THE_WORKER -> {
                bypass(world, authority);
                Reconciler reconciler = new Reconciler(world.databases(), ReconcileListener.NONE);
                StandingHold hold = new StandingHold(
                        world.databases(), SEAT.entity(), SEAT.fingerprint(), reconciler.standing(SEAT));
                // one at a time, in an order in which none fits when it comes
                for (String key : List.of("7", "9", "1", "4", "5", "2", "3", "8", "6", "10")) {
                    Intents.note(hold, List.of(RecordKey.of(key)));
                }
                world.drain();
            }
            case A_REPAIR -> {
                bypass(world, authority);
                assertThat(new Verification(world.databases(), SEAT, VerificationListener.NONE)
                                .run(new RepairMode.AtMost(20)))
                        .returns(0L, Verification.Report::differenceCount);
            }
        }
    }

    private static void bypass(MappedWorld world, Side authority) {
        String table = authority == Side.LEGACY ? "legacy.seat" : "modern.seat";
        String id = authority == Side.LEGACY ? "id" : "\"Id\"";
        String place = authority == Side.LEGACY ? "place" : "\"Place\"";
        String beside = authority == Side.LEGACY ? "beside" : "\"Beside\"";
        world.of(authority)
                .execute(
                        "update %s set %s = %2$s %% 3 + 1 where %s <= 3".formatted(table, place, id),
                        "update %s set %s = 9 - %2$s, %s = 9 - %s where %4$s in (4, 5)"
                                .formatted(table, place, beside, id),
                        "delete from %s where %s = 6".formatted(table, id),
                        "insert into %s (%s, %s, %s) values (7, 7, 8), (8, 8, 7), (9, 6, 10), (10, 10, null)"
                                .formatted(table, id, place, beside));
    }

    private static List<String> rows(MappedWorld world, Side side) {
        String query = side == Side.LEGACY
                ? "select id, place, beside from legacy.seat order by 1"
                : "select \"Id\", \"Place\", \"Beside\" from modern.seat order by 1";
        return world.of(side).dsl().fetch(query).map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2));
    }
}
