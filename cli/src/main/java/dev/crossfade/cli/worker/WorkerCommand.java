package dev.crossfade.cli.worker;

import dev.crossfade.cli.http.Endpoint;
import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.log.LogFormat;
import dev.crossfade.cli.log.Logging;
import dev.crossfade.cli.terminal.Termination;
import dev.crossfade.connection.Trouble;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.EntityMappings;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.operate.report.DrainReport;
import dev.crossfade.worker.Startup;
import dev.crossfade.worker.Worker;
import dev.crossfade.worker.WorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drains what services have left behind. */
@Command(
        name = "worker",
        description = {
            "Works off intents and missed writes of every entity in the mapping file, compares all keys over and over, and "
                    + "tidies up, until it is told to end. Any number of workers may run at once.",
            "SIGTERM and Ctrl-C end it after the batches in hand. With --once it does what is due, ends when nothing more can "
                    + "be done, and exits with 1 if missed writes, waiting keys or differences are left."
        },
        footer = {
            "  crossfade worker --http 9464 --log-format json",
            "  crossfade worker --once --grace 0s",
            "  crossfade worker --interval 500ms --sweep-rows-per-second 20000"
        })
public final class WorkerCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerCommand.class);
    private static final int CONNECTIONS_OF_A_JOB = 3;
    private static final int OTHER_CONNECTIONS = 3;
    /** The time for connections and the process to end, in addition to the jobs' own. */
    private static final Duration LAST_MOMENTS = Duration.ofSeconds(3);

    private final Invocation invocation;

    @Option(names = "--once", description = "Do what is due, and end when nothing more can be done.")
    private boolean once;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description = "Form of the log on standard error: text (default) or json, one object a line.")
    private LogFormat logFormat = LogFormat.TEXT;

    public WorkerCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * A session and its entities.
     *
     * @param contracted the lines about contracted entities
     */
    private record Work(OperatorSession session, List<TableMapping> mappings, List<String> contracted)
            implements AutoCloseable {

        /** Returns the lines about entities that are left out, which they stay until the worker is restarted. */
        List<String> leftOut() {
            return session.leftOut();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    @Override
    public Integer call() {
        WorkerSettings settings = invocation.settings().worker();
        if (logFormat == LogFormat.JSON) {
            Logging.jsonLines(invocation.debug());
        }
        if (once) {
            try (Work work = open(settings)) {
                return drain(work, settings).number();
            }
        }
        Logging.activity();
        Startup startup = new Startup(Trouble::mayPass);
        WorkerPages pages = new WorkerPages(startup);
        Optional<Endpoint> endpoint = settings.running().http().map(address -> Endpoint.start(address, pages.paths()));
        try {
            endpoint.ifPresent(open ->
                    LOG.atInfo().addKeyValue("url", open.url()).log("Health and metrics are at {}.", open.url()));
            work(settings, startup, pages);
        } finally {
            endpoint.ifPresent(Endpoint::close);
        }
        return ExitCode.DONE.number();
    }

    private void work(WorkerSettings settings, Startup startup, WorkerPages pages) {
        AtomicReference<@Nullable Worker> running = new AtomicReference<>();
        Runnable stop = () -> {
            startup.stop();
            stop(running.get());
        };
        List<String> abandoned = List.of();
        try (Termination.Registration termination = invocation
                .shell()
                .termination()
                .calling(stop, settings.running().stopWithin().plus(LAST_MOMENTS))) {
            Optional<Work> work = startup.await(() -> open(settings));
            if (work.isPresent()) {
                try (Work found = work.get()) {
                    Worker worker = new Worker(found.session().databases(), found.mappings(), settings, pages.meters());
                    running.set(worker);
                    pages.began(worker, found.leftOut());
                    if (!termination.isRequested()) {
                        abandoned = run(found, worker);
                    }
                }
            }
        }
        sayHowItEnded(settings, abandoned);
    }

    private static List<String> run(Work work, Worker worker) {
        String entities = work.mappings().stream().map(TableMapping::entity).collect(Collectors.joining(", "));
        LOG.atInfo()
                .addKeyValue("entities", entities)
                .log("Working on {}.", entities.isEmpty() ? "the control schema alone" : entities);
        work.contracted().forEach(LOG::info);
        work.leftOut().forEach(line -> LOG.warn("{} Put it right, and start the worker again.", line));
        return worker.run();
    }

    private static void sayHowItEnded(WorkerSettings settings, List<String> abandoned) {
        if (abandoned.isEmpty()) {
            LOG.info("The worker has ended; nothing is in hand.");
        } else {
            String jobs = String.join(", ", abandoned);
            LOG.atWarn()
                    .addKeyValue("abandoned", jobs)
                    .log(
                            "The worker has ended; not finished within {} ms: {}. Nothing is lost, another worker goes on.",
                            settings.running().stopWithin().toMillis(),
                            jobs);
        }
    }

    private ExitCode drain(Work work, WorkerSettings settings) {
        Worker worker = new Worker(work.session().databases(), work.mappings(), settings);
        try (Termination.Registration termination = invocation
                .shell()
                .termination()
                .calling(worker::stop, settings.running().stopWithin().plus(LAST_MOMENTS))) {
            Worker.Summary summary = worker.drain();
            work.contracted().forEach(line -> invocation.say("%s", line));
            DrainReport report = DrainReport.of(summary, work.leftOut());
            invocation.print(report, DrainText::print);
            return report.level() && !termination.isRequested() ? ExitCode.DONE : ExitCode.PROBLEM;
        }
    }

    /**
     * Opens the session. It fails while the modern database is down, as there is nothing to apply to; a lasting worker
     * retries.
     */
    private Work open(WorkerSettings settings) {
        int connections =
                settings.running().threads() * settings.draining().lanes() * CONNECTIONS_OF_A_JOB + OTHER_CONNECTIONS;
        OperatorSession session = invocation.open("worker", connections, Access.CHANGE);
        try {
            EntityMappings all = session.all();
            if (all.usable().isEmpty() && all.contracted().isEmpty()) {
                throw new InvalidInputException("%s declares no entity; there is nothing to work on."
                        .formatted(session.settings().mapping()));
            }
            return new Work(session, all.usable(), all.contractedLines());
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
}
