package dev.crossfade.backfill;

import static dev.crossfade.backfill.Backfills.SMALL_BATCHES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New columns in the same table: the service's triggers fire no more often than necessary. */
class BackfillInPlaceIT {

    private static final String COUNTING = """
            alter table legacy.names add version integer not null default 1;
            create function legacy.count_up() returns trigger language plpgsql as
                'begin new.version := old.version + 1; return new; end';
            """;

    @ParameterizedTest
    @CsvSource({
        "'', 2",
        "when (not crossfade.is_mirror_write('legacy.names')), 1",
        "when (not crossfade.is_mirror_write()), 1"
    })
    void rowsThatAreRightAreNotWrittenAndTriggersThatLeaveTheMirrorAloneDoNotFire(String condition, int version) {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            database.execute(
                    Orders.NAMES_TABLE,
                    COUNTING,
                    """
                    insert into legacy.names (id, first_name, last_name, full_name)
                    select id, 'First', 'Last' || id, case when id % 2 = 0 then 'First Last' || id end
                    from generate_series(1, 130) as id
                    """,
                    "create trigger counts before update on legacy.names for each row " + condition
                            + " execute function legacy.count_up()");
            Orders.moveTo(database.databases(), Orders.NAMES, Stage.DUAL_WRITE);

            Backfill.Result result =
                    new Backfill(database.databases(), Orders.NAMES, SMALL_BATCHES, BackfillListener.NONE).run();

            assertThat(result.complete()).isTrue();
            assertThat(database.dsl()
                            .fetch(
                                    "select distinct id % 2, version, full_name = concat_ws(' ', first_name, last_name) from legacy.names order by 1")
                            .map(row -> row.intoList().toString()))
                    .containsExactly("[0, 1, true]", "[1, %d, true]".formatted(version));
        }
    }
}
