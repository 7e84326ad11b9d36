package dev.crossfade.worker;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Backoff;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A job that the worker repeats. A failure makes it pause, longer each time, and never ends it. */
abstract class Job {

    private static final Logger LOG = LoggerFactory.getLogger(Job.class);
    private static final Duration BUSY = Duration.ofSeconds(1);

    /** The pause after the first failure in a row, of a job or of a worker's start. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /** The longest pause, however often it fails. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * How long a failure is reported. It is longer than the longest pause, so a lasting failure is reported without a
     * gap.
     */
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Kind kind;
    private final String subject;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final TroubleLog failing;
    private final TroubleLog defect;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Optional<Trouble> trouble = Optional.empty();

    /** A failed attempt: its message, and its time by {@link System#nanoTime()}. */
    record Trouble(String message, long at) {

        /** Tells whether the failure is recent. A later attempt may have been another worker's. */
        boolean isRecent() {
            return System.nanoTime() - at < RECENT.toNanos();
        }
    }

    /** The kinds of jobs. */
    enum Kind {
        /** Applies the intents and the missed writes of an entity. */
        DRAIN,
        /** Compares the keys of an entity. */
        SWEEP,
        /** Forgets instances that are gone. */
        FLEET,
        /** Deletes what is too old. */
        RETENTION;

        /** Returns the word for it in logs, metrics and the table of jobs. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Creates a job.
     *
     * @param subject the entity, or a name for messages if the job is for all entities
     */
    Job(Kind kind, String subject) {
        this.kind = kind;
        this.subject = subject;
        this.failing = new TroubleLog(LOG, "%s: works again.".formatted(subject)).about("job", title());
        this.defect = new TroubleLog(LOG, "%s: works again.".formatted(subject)).about("job", title());
    }

    /** Does a part of the job and returns how long to rest before the next. Called by one thread at a time. */
    abstract Duration work(BooleanSupplier stopping);

    Kind kind() {
        return kind;
    }

    String subject() {
        return subject;
    }

    /** Returns the job's name, the same in every worker. */
    String title() {
        return kind.label() + " " + subject;
    }

    /** Returns the failure of this process's last attempt, however long ago; empty if that succeeded. */
    Optional<Trouble> trouble() {
        return trouble;
    }

    /** Does a part of the job and returns how long to rest before the next; throws nothing. */
    final Duration run(BooleanSupplier stopping) {
        if (!running.compareAndSet(false, true)) {
            // This process was taken for dead by mistake, and took the job over from itself.
            return BUSY;
        }
        try {
            Duration pause = work(stopping);
            recovered();
            return pause;
        } catch (RuntimeException e) {
            return failed(e);
        } finally {
            running.set(false);
        }
    }

    private void recovered() {
        trouble = Optional.empty();
        backoff.succeeded();
        failing.succeeded();
        defect.succeeded();
    }

    private Duration failed(RuntimeException failure) {
        String message = describe(failure);
        trouble = Optional.of(new Trouble(message, System.nanoTime()));
        Duration pause = backoff.failed();
        if (!(failure instanceof CrossfadeException) && !(failure instanceof DataAccessException)) {
            defect.failed(
                    Level.ERROR,
                    "%s: an error that nobody expected; the worker tries again, with growing pauses."
                            .formatted(subject),
                    failure);
        } else {
            failing.failed("%s The worker keeps trying, with growing pauses.".formatted(sentence(message)));
        }
        LOG.debug("{}: next try in {} ms", title(), pause.toMillis(), failure);
        return pause;
    }

    /** Describes a failure, without the wrappers of the pool and jOOQ, and without values of rows. */
    private String describe(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        @Nullable Throwable quoted = failure.getCause();
        String said = ServerMessage.withoutValues(failure);
        return failure instanceof CrossfadeException
                ? firstLine(
                        quoted == null || quoted.getMessage() == null
                                ? message
                                : message.replace(quoted.getMessage(), said))
                : "%s: the database failed: %s".formatted(subject, said);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
