package dev.crossfade.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.Side;
import dev.crossfade.schema.SchemaFixture.Topology;
import dev.crossfade.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A runner whose process is paused after one of its statements, while the table is written. */
class PausedRunnerIT {

    private static final String EXPAND = """
            -- crossfade: side=legacy
            alter table public.orders add column note text;
            alter table public.orders add constraint positive check (total > 0) not valid;
            comment on column public.orders.note is 'what the customer says'
            """;
    private static final String WITH_INDEX =
            EXPAND.replace("comment on", "create index concurrently orders_note on public.orders (note);\ncomment on");

    /** The server's limit, a statement's own time on a busy machine, and a margin. */
    private static final Duration BOUND = ScriptSession.LONGEST_SILENCE.plusMillis(1_500);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"ONE_DATABASE, false", "ONE_DATABASE, true", "TWO_DATABASES, false"})
    void holdsWritersUpForAsLongAsTheServerLetsIt(Topology topology, boolean stepByStep) {
        int statements = stepByStep ? 4 : 3;
        for (int after = 1; after <= statements; after++) {
            try (SchemaFixture schema = new SchemaFixture(folder, topology)) {
                TestDatabase legacy = schema.on(Side.LEGACY);
                legacy.execute(
                        "create table public.orders (id int primary key, total int)",
                        "insert into public.orders values (1, 1)");
                schema.write("V1__note.up", stepByStep ? WITH_INDEX : EXPAND);
                AtomicInteger statement = new AtomicInteger(after);
                schema.events.onStatement = () -> {
                    if (statement.decrementAndGet() == 0) {
                        writes(legacy);
                    }
                };

                if (stepByStep) {
                    // A statement is reported once it is committed.
                    schema.up();
                } else {
                    assertThatThrownBy(schema::up)
                            .isInstanceOf(MigrationFailedException.class)
                            .hasMessageContaining("SQLSTATE 25P03")
                            .hasMessageContaining("stood still for more than 2 s")
                            .hasMessageEndingWith("run `crossfade migrate up` again.");
                    assertThat(schema.up()).as("the second run").containsExactly("1");
                }

                assertThat(legacy.dsl().fetchValue("select note from public.orders"))
                        .isNull();
            }
        }
    }

    private static void writes(TestDatabase legacy) {
        long start = System.nanoTime();
        legacy.execute("update public.orders set total = total + 1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }
}
