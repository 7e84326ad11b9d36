package dev.crossfade.worker;

import static org.jooq.impl.DSL.val;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.time.DaemonThread;
import dev.crossfade.worker.WorkerSettings.Running;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.jooq.DSLContext;
import org.jooq.impl.SQLDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs on db-scheduler, in the table {@code crossfade.scheduled_tasks}: one worker at a time runs each. If it
 * dies, another takes the job over after four missing heartbeats.
 */
final class Schedule {

    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);
    private static final String TABLE = "crossfade.scheduled_tasks";
    private static final String INSTANCE = "recurring";
    private static final int MISSING_HEARTBEATS = 4;
    private static final int SHORT_ID = 8;
    private static final Duration LONGEST_POLLING = Duration.ofMillis(500);
    private static final Duration AFTER_AN_ERROR = Duration.ofSeconds(30);

    private final DatabaseClock clock;
    private final List<Job> jobs;
    private final Scheduler scheduler;
    private final DSLContext control;
    private volatile long polledAt = System.nanoTime();

    /** Creates a schedule, without starting or connecting. */
    Schedule(Databases databases, WorkerSettings settings, DatabaseClock clock, Jobs jobs) {
        this.clock = clock;
        this.control = databases.controlDsl();
        this.jobs = jobs.all();
        Running running = settings.running();
        this.scheduler = Scheduler.create(
                        databases.control(),
                        this.jobs.stream().<Task<?>>map(job -> task(job, jobs)).toList())
                .tableName(TABLE)
                .schedulerName(new SchedulerName.Fixed(processName()))
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .clock(clock)
                .threads(running.threads())
                .executorService(Executors.newFixedThreadPool(running.threads(), Schedule::thread))
                .pollingInterval(polling(settings.draining().interval()))
                .heartbeatInterval(running.heartbeat())
                .missedHeartbeatsLimit(MISSING_HEARTBEATS)
                .shutdownMaxWait(running.stopWithin())
                .enablePriority()
                .failureLogging(LogLevel.ERROR, true)
                .addSchedulerListener(new AbstractSchedulerListener() {
                    @Override
                    public void onSchedulerEvent(SchedulerEventType event) {
                        if (event == SchedulerEventType.RAN_EXECUTE_DUE) {
                            polledAt = System.nanoTime();
                        }
                    }
                })
                .build();
    }

    /** Returns host and process, for people; two machines may have the same. */
    private static String processName() {
        Instance process = Instance.ofThisProcess("");
        return process.name() + "/" + process.id().toString().substring(0, SHORT_ID);
    }

    /**
     * Returns a thread that does not log a job that could not be picked because the database is down: the watch
     * reports that, and the job is due again.
     */
    private static Thread thread(Runnable work) {
        Thread thread = DaemonThread.named("crossfade-job", work);
        thread.setUncaughtExceptionHandler(
                (failed, failure) -> LOG.debug("A job could not be picked; it is tried again.", failure));
        return thread;
    }

    private static Duration polling(Duration interval) {
        Duration half = interval.dividedBy(2);
        return half.compareTo(LONGEST_POLLING) > 0 ? LONGEST_POLLING : Duration.ofMillis(Math.max(5, half.toMillis()));
    }

    private Task<Void> task(Job job, Jobs jobs) {
        return Tasks.custom(job.title(), Void.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_AN_ERROR))
                .onDeadExecutionRevive()
                .execute((instance, context) -> {
                    Duration pause = jobs.run(job);
                    return (complete, operations) ->
                            operations.reschedule(complete, clock.now().plus(pause));
                });
    }

    /** Starts the jobs that are due; resumes by itself after the database was down. */
    void start() {
        scheduler.start();
    }

    /** Makes every job due at once that nobody is running: another worker's settings chose its rest. */
    void hurry() {
        control.execute(
                "update crossfade.scheduled_tasks set execution_time = now() where task_name = any(?) and not picked and execution_time > now()",
                val(jobs.stream().map(Job::title).toArray(String[]::new), SQLDataType.CLOB.array()));
    }

    /** Makes sure that every job is in the table. */
    void plan() {
        for (int i = 0; i < jobs.size(); i++) {
            TaskInstance<Void> instance = new TaskInstance.Builder<Void>(
                            jobs.get(i).title(), INSTANCE)
                    .priority(jobs.size() - i)
                    .build();
            scheduler.scheduleIfNotExists(instance, clock.now());
        }
    }

    /** Returns how long ago the schedule last looked for due jobs. */
    Duration sinceLastLook() {
        return Duration.ofNanos(System.nanoTime() - polledAt);
    }

    /** Starts no more jobs, and waits for running ones to end; interrupts them if they do not. */
    void stop() {
        scheduler.stop();
    }

    /** Returns the names of the jobs that this process is running. */
    List<String> underWay() {
        return scheduler.getCurrentlyExecuting().stream()
                .map(one -> one.getExecution().getTaskName())
                .toList();
    }
}
