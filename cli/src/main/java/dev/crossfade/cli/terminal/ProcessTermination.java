package dev.crossfade.cli.terminal;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends this process. A signal asks the running command to stop and gives it some time to finish its current work; the
 * process then ends with the command's own exit code instead of the signal's.
 */
public final class ProcessTermination implements Termination {

    /** Shorter than the ten seconds that container engines give by default. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    @Override
    public Registration calling(Runnable stop) {
        return calling(stop, PATIENCE);
    }

    @Override
    public Registration calling(Runnable stop, Duration patience) {
        Hook hook = new Hook(stop, patience);
        Runtime.getRuntime().addShutdownHook(hook.thread);
        return hook;
    }

    /** Ends the process. */
    public void exit(int code) {
        exitCode.complete(code);
        System.exit(code);
    }

    private OptionalInt awaitExitCode(Duration patience) {
        try {
            return OptionalInt.of(exitCode.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    private final class Hook implements Registration {

        private final AtomicBoolean requested = new AtomicBoolean();
        private final Thread thread;

        Hook(Runnable stop, Duration patience) {
            this.thread = new Thread(
                    () -> {
                        requested.set(true);
                        stop.run();
                        awaitExitCode(patience)
                                .ifPresent(code -> Runtime.getRuntime().halt(code));
                    },
                    "crossfade-termination");
        }

        @Override
        public boolean isRequested() {
            return requested.get();
        }

        @Override
        public void close() {
            if (requested.get()) {
                return;
            }
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException e) {
                // The process is ending already: the hook finds nothing left to stop.
                return;
            }
        }
    }
}
