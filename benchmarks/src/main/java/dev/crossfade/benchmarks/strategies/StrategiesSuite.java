package dev.crossfade.benchmarks.strategies;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Sides;
import dev.crossfade.benchmarks.harness.Callers;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.benchmarks.strategies.MigrationRun.Subject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Changes a table in three ways under the same load: by big bang, by naive dual write, and with Crossfade.
 *
 * <p>It measures what callers notice, which rows are wrong in the end, and what the way back takes and loses. It uses
 * one database, because a big bang between two has no transaction to run in.
 */
public final class StrategiesSuite implements Suite {

    private static final int CALLERS = 16;
    /** The callers' connections, and some for the service itself. */
    private static final int POOL = CALLERS + 4;

    private static final int OPERATORS = 8;
    private static final double SHARE_OF_CAPACITY = 0.5;

    private final Course full;
    private final Course quick;
    private final Course rehearsal;
    private final double shareOfCapacity;

    /** Creates the suite in its full size. */
    public StrategiesSuite() {
        this(Course.FULL, Course.QUICK, Course.REHEARSAL, SHARE_OF_CAPACITY);
    }

    /** Creates the suite with its own load, as a share of what the callers reach. */
    StrategiesSuite(Course full, Course quick, Course rehearsal, double shareOfCapacity) {
        this.full = full;
        this.quick = quick;
        this.rehearsal = rehearsal;
        this.shareOfCapacity = shareOfCapacity;
    }

    @Override
    public String name() {
        return "strategies";
    }

    @Override
    public String description() {
        return "a migration under load by big bang, by naive dual write, and with Crossfade";
    }

    @Override
    public Report run(Context context) throws Exception {
        Course course = context.pace().equals(Pace.FULL) ? full : quick;
        String subject = "one-database/%d-rows/".formatted(course.rows());
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        // Half of what the slowest of the compared services can do: a share of a faster one's rate would be a queue
        // for it.
        double slowest = Double.MAX_VALUE;
        for (Approach approach : Approach.values()) {
            String name = subject + approach.label() + "/capacity";
            context.progress().accept(name + " …");
            double capacity = capacity(approach, course);
            rows.add(Row.reference(name, capacity, "operations/s"));
            slowest = Math.min(slowest, capacity);
        }
        double load = shareOfCapacity * slowest;
        context.progress()
                .accept(String.format(
                        Locale.ROOT,
                        "%sload: %.0f operations/s by %d callers, who reach %.0f.",
                        subject,
                        load,
                        CALLERS,
                        slowest));
        rows.add(Row.reference(subject + "load", load, "operations/s"));
        for (Approach approach : Approach.values()) {
            Conditions conditions = new Conditions(subject + approach.label(), course, load, context.progress());
            try (Resources resources = new Resources()) {
                Server server = resources.opened(Server.start(OPERATORS));
                context.progress().accept(conditions.subject() + ": rehearsal …");
                migrate(approach, server, "rehearsal", conditions.unseen(rehearsal));
                Migrated migrated = migrate(approach, server, "accounts", conditions);
                rows.addAll(migrated.outcome().rows(conditions.subject() + "/"));
                rows.addAll(migrated.ownRows());
                if (approach == Approach.CROSSFADE) {
                    goals.addAll(migrated.outcome().goals(conditions.subject() + "/"));
                }
            }
        }
        return new Report(name(), rows, goals);
    }

    /**
     * The conditions of a migration.
     *
     * @param subject the beginning of rows and progress lines
     * @param load operations per second
     */
    private record Conditions(String subject, Course course, double load, Consumer<String> progress) {

        /** Returns the same conditions for a run that is dropped. */
        Conditions unseen(Course other) {
            return new Conditions(subject, other, load, line -> {});
        }
    }

    /** A completed migration. */
    private record Migrated(Outcome outcome, List<Row> ownRows) {}

    private static Migrated migrate(Approach approach, Server server, String entity, Conditions conditions)
            throws Exception {
        Course course = conditions.course();
        try (Resources resources = new Resources()) {
            AccountTables tables = fill(server, entity, course);
            HikariDataSource pool = resources.opened(Server.connect(Server.url(server.port()), POOL));
            Strategy strategy = approach.make(server, pool, tables, course, resources);
            OpenLoop load = resources.opened(
                    new OpenLoop(CALLERS, conditions.load(), new OperationMix(course.rows()), strategy.service()));
            Subject subject = new Subject(
                    conditions.subject(), course, tables, new Sides(server.dataSource(), server.dataSource()));
            Outcome outcome = new MigrationRun(subject, strategy, load, conditions.progress()).go();
            return new Migrated(outcome, strategy.ownRows(conditions.subject() + "/"));
        }
    }

    /**
     * Creates a full legacy table and an empty modern one, vacuumed so that the server has nothing to tidy up under
     * load.
     */
    private static AccountTables fill(Server server, String entity, Course course) throws SQLException {
        AccountTables tables = new AccountTables(entity);
        server.execute(tables.legacySql(course.rows()));
        server.execute(tables.modernSql(0));
        server.execute("vacuum analyze");
        server.execute("checkpoint");
        return tables;
    }

    /**
     * Returns how many operations per second callers reach on the legacy table before anything is migrated, through an
     * approach's service, each as soon as it is answered.
     */
    private static double capacity(Approach approach, Course course) throws Exception {
        try (Resources resources = new Resources()) {
            Server server = resources.opened(Server.start(OPERATORS));
            AccountTables tables = fill(server, "capacity", course);
            HikariDataSource pool = resources.opened(Server.connect(Server.url(server.port()), POOL));
            Strategy strategy = approach.make(server, pool, tables, course, resources);
            strategy.buildIn();
            OperationMix mix = new OperationMix(course.rows());
            AtomicLong next = new AtomicLong();
            Callers callers = resources.opened(new Callers(CALLERS));
            callers.lasting(
                    course.slice(), random -> mix.at(next.getAndIncrement()).run(strategy.service()));
            long start = System.nanoTime();
            Callers.Seen seen = callers.lasting(
                    course.slice(), random -> mix.at(next.getAndIncrement()).run(strategy.service()));
            if (seen.failed() > 0) {
                throw new IllegalStateException(seen.failed() + " operations on the legacy table failed.");
            }
            return seen.latencies().getTotalCount() * 1e9 / (System.nanoTime() - start);
        }
    }
}
