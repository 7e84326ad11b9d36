package dev.crossfade.spring.actuate;

import dev.crossfade.time.DaemonThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database that may be down, with a short limit: a health probe has one second, and a pool waits for half a
 * minute. One query runs at a time, on its own thread. Thread-safe.
 */
final class BoundedLook<T> {

    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<T> question;
    private @Nullable CompletableFuture<T> asked;
    private long askedAt;

    /** Creates a look, without asking yet; the name is that of its threads. */
    BoundedLook(String name, Supplier<T> question) {
        this.name = name;
        this.question = question;
    }

    /**
     * Returns the answer.
     *
     * @throws UnansweredException if there was none within a second; later calls throw it at once, until the query has
     *     returned
     */
    T answer() {
        Question<T> one = ask();
        try {
            return one.answer().get(Math.max(0, one.nanosLeft()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new UnansweredException("It has not answered within %s s.".formatted(AT_MOST.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new UnansweredException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("It was not waited for.", e);
        }
    }

    private record Question<T>(CompletableFuture<T> answer, long nanosLeft) {}

    private synchronized Question<T> ask() {
        CompletableFuture<T> open = asked;
        if (open == null || open.isDone()) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            DaemonThread.named(name, () -> {
                        try {
                            answer.complete(question.get());
                        } catch (RuntimeException | Error e) {
                            answer.completeExceptionally(e);
                        }
                    })
                    .start();
            asked = answer;
            askedAt = System.nanoTime();
            open = answer;
        }
        return new Question<>(open, AT_MOST.toNanos() - (System.nanoTime() - askedAt));
    }

    /** There was no answer. */
    static final class UnansweredException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnansweredException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
