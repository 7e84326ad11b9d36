package dev.crossfade.cli;

import dev.crossfade.cli.connection.Trouble;
import dev.crossfade.cli.settings.DurationText;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.worker.Startup;
import dev.crossfade.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Works off what services have left behind. */
@Command(
        name = "worker",
        description = {
            "Works off intents and missed writes of every entity in the mapping file, until it is told to end. Any number "
                    + "of workers may run at once.",
            "SIGTERM and Ctrl-C end it after the batch in hand. With --once it ends when nothing more can be done, and "
                    + "exits with 1 if missed writes or waiting keys are left."
        },
        footer = {"  crossfade worker", "  crossfade worker --once --grace 0s", "  crossfade worker --interval 500ms"})
final class WorkerCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Option(names = "--once", description = "End when nothing more can be done.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            description = "Rest when nothing is left to do, for example 500ms, 2s or 1m (1s).")
    private String interval = "1s";

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "Leave intents younger than this to the instance that wrote them (2s).")
    private String grace = "2s";

    WorkerCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** A session and what to work on. */
    private record Work(OperatorSession session, List<TableMapping> mappings) implements AutoCloseable {

        @Override
        public void close() {
            session.close();
        }
    }

    @Override
    public Integer call() {
        Worker.Settings settings = new Worker.Settings(duration("--interval", interval), duration("--grace", grace));
        if (once) {
            try (Work work = open()) {
                return drain(work, settings).number();
            }
        }
        Logging.activity();
        Startup startup = new Startup(Trouble::mayPass);
        AtomicReference<@Nullable Worker> running = new AtomicReference<>();
        try (Termination.Registration termination = invocation
                .shell()
                .termination()
                .calling(() -> {
                    startup.stop();
                    stop(running.get());
                })) {
            Optional<Work> work = startup.await(this::open);
            if (work.isPresent()) {
                try (Work found = work.get()) {
                    run(found, settings, running, termination);
                }
            }
        }
        invocation.say("The worker has ended; nothing is in hand.");
        return ExitCode.DONE.number();
    }

    private void run(
            Work work,
            Worker.Settings settings,
            AtomicReference<@Nullable Worker> running,
            Termination.Registration termination) {
        Worker worker = new Worker(work.session().databases(), work.mappings(), settings);
        running.set(worker);
        if (!termination.isRequested()) {
            invocation.say(
                    "Working on %s.",
                    String.join(
                            ", ",
                            work.mappings().stream().map(TableMapping::entity).toList()));
            worker.run();
        }
    }

    private ExitCode drain(Work work, Worker.Settings settings) {
        Worker worker = new Worker(work.session().databases(), work.mappings(), settings);
        try (Termination.Registration termination =
                invocation.shell().termination().calling(worker::stop)) {
            Worker.Summary summary = worker.drain();
            invocation.print(new DrainReport(
                    summary.isLevel(),
                    summary.applied(),
                    summary.newlyMissed(),
                    summary.deferred(),
                    summary.missedLeft(),
                    summary.troubles()));
            return summary.isLevel() && !termination.isRequested() ? ExitCode.DONE : ExitCode.PROBLEM;
        }
    }

    /** With the modern database down there is nothing to apply to; then this fails, and a lasting worker tries again. */
    private Work open() {
        OperatorSession session = invocation.open("worker");
        try {
            List<TableMapping> mappings = session.mappings();
            if (mappings.isEmpty()) {
                throw new InvalidInputException("%s declares no entity; there is nothing to work on."
                        .formatted(session.settings().mapping()));
            }
            return new Work(session, mappings);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static void stop(@Nullable Worker worker) {
        if (worker != null) {
            worker.stop();
        }
    }

    private static Duration duration(String option, String text) {
        return DurationText.parse(text)
                .orElseThrow(() -> new InvalidInputException("%s is '%s'; write a number and its unit, for example %s."
                        .formatted(option, text, DurationText.EXAMPLES)));
    }
}
