package dev.crossfade.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleLogTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("a trouble of TroubleLogTest");
    private final TroubleLog trouble = new TroubleLog(logger, "It works again.", now::get).about("side", "modern");

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void whatFailsOnAndOnIsToldOnceAndCountedEverMoreSeldom() {
        for (int second = 0; second < 600; second++) {
            trouble.failed("The mirror is down.");
            pass(Duration.ofSeconds(1));
        }

        assertThat(texts())
                .containsExactly(
                        "WARN The mirror is down.",
                        "WARN The mirror is down. It has failed 61 times in 60 s.",
                        "WARN The mirror is down. It has failed 181 times in 180 s.",
                        "WARN The mirror is down. It has failed 421 times in 420 s.");
        assertThat(lines.list.getFirst().getKeyValuePairs()).hasToString("[side=\"modern\"]");
    }

    /** A hundred alternating failures and successes are one trouble. */
    @Test
    void itIsOverWhenNothingHasFailedForSomeSeconds() {
        for (int turn = 0; turn < 100; turn++) {
            trouble.failed("The mirror is down.");
            pass(Duration.ofMillis(50));
            trouble.succeeded();
        }
        assertThat(texts()).containsExactly("WARN The mirror is down.");

        pass(Duration.ofSeconds(5));
        trouble.succeeded();
        trouble.succeeded();
        assertThat(texts()).last().isEqualTo("INFO It works again. It had failed 100 times in 4 s.");
        assertThat(trouble.isOpen()).isFalse();

        trouble.failed("The mirror is down.");
        assertThat(texts()).hasSize(3).last().isEqualTo("WARN The mirror is down.");
    }

    @Test
    void whatHasNeverFailedIsNotOver() {
        trouble.succeeded();

        assertThat(texts()).isEmpty();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private List<String> texts() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }
}
