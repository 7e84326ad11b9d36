package dev.crossfade.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.invocation.GlobalOptions;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.Shell;
import dev.crossfade.flags.Gate.Closed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitProgressTest {

    private final StringWriter err = new StringWriter();
    private final AtomicLong now = new AtomicLong();
    private final WaitProgress progress = new WaitProgress(
            new Invocation(
                    new Shell(
                            new Shell.Streams(new PrintWriter(new StringWriter()), new PrintWriter(err), false, true),
                            Map.of(),
                            Path.of(""),
                            stop -> {
                                throw new AssertionError();
                            },
                            key -> ""),
                    new GlobalOptions()),
            now::get);

    @Test
    void theRateOfTheLastMinuteTellsTheTimeLeft() {
        progress.closed(left(1_000));
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        progress.closed(left(900));

        assertThat(err.toString())
                .contains("Waiting: gate 'backfill complete' is closed for user: 1000 rows; required: all. Wait.")
                .contains("user, backfill complete: 900 rows, 10 rows/s, about 1 min 30 s left");
    }

    @Test
    void aGateIsTalkedAboutWhenItClosesAndWhenItOpens() {
        progress.closed(left(1_000));
        progress.closed(left(900));
        progress.closed(Map.of());

        assertThat(err.toString().split("Waiting: gate", -1)).hasSize(2);
        assertThat(err.toString()).endsWith("Gate 'backfill complete' is open for user now.\n");
    }

    private static Map<String, Map<String, Closed>> left(long rows) {
        return Map.of(
                "user", Map.of("backfill complete", Closed.counting(rows + " rows", "all", "Wait.", rows, "rows")));
    }
}
