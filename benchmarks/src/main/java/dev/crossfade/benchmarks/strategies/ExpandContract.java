package dev.crossfade.benchmarks.strategies;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import dev.crossfade.benchmarks.accounts.RoutedAccounts;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Expand and contract with Crossfade, stage by stage, through the gates, without force. */
final class ExpandContract implements Strategy {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Databases databases;
    private final AccountTables tables;
    private final Course course;
    private final Crossfade crossfade;
    private final StageMoves moves;
    private final AccountService routed;
    private final SwitchedService service;

    /**
     * Creates the strategy for a table; it lives until {@code resources} are closed.
     *
     * @param operators the operators' connections
     * @param pool the service's connections, which its Crossfade uses too
     */
    ExpandContract(
            DataSource operators, HikariDataSource pool, AccountTables tables, Course course, Resources resources) {
        this.databases = new Databases(operators, operators);
        this.tables = tables;
        this.course = course;
        this.service = new SwitchedService(AccountService.of(JdbcAccounts.legacy(pool, tables)));
        ControlSchema.install(databases);
        this.crossfade = resources.opened(Crossfade.builder().database(pool).build());
        this.moves = new StageMoves(crossfade, databases);
        this.routed = of(new RoutedAccounts(crossfade.routing(), new AccountType(tables.mapping())));
    }

    @Override
    public AccountService service() {
        return service;
    }

    @Override
    public boolean buildIn() {
        service.switchTo(routed);
        return true;
    }

    @Override
    public void prepare(Steps steps) throws Exception {
        steps.take("dual-write", () -> stay(Stage.DUAL_WRITE));
        steps.take("backfill", this::backfill);
        steps.take("verify", this::verify);
        steps.take("shadow-read", () -> stay(Stage.SHADOW_READ));
        steps.take("modern-read", () -> stay(Stage.MODERN_READ));
    }

    @Override
    public void switchOver(Steps steps) throws Exception {
        steps.take("modern-primary", () -> pass(Stage.MODERN_PRIMARY));
    }

    @Override
    public void rollBack(Steps steps) throws Exception {
        steps.take("back-to-modern-read", () -> pass(Stage.MODERN_READ));
        steps.take("back-to-shadow-read", () -> pass(Stage.SHADOW_READ));
    }

    @Override
    public boolean writesBothSides() {
        return true;
    }

    @Override
    public void awaitLevel() throws InterruptedException {
        if (!crossfade.awaitLevel(PATIENCE)) {
            throw new IllegalStateException("The mirror is not level after " + PATIENCE.toSeconds() + " s.");
        }
    }

    private void stay(Stage stage) throws InterruptedException {
        pass(stage);
        TimeUnit.NANOSECONDS.sleep(course.dwell().toNanos());
    }

    private void pass(Stage stage) throws InterruptedException {
        moves.pass(tables.name(), stage, PATIENCE);
    }

    private void backfill() {
        Backfill.Settings settings = new Backfill.Settings(Course.BATCH, course.rowsPerSecond());
        Backfill.Result result = new Backfill(databases, tables.mapping(), settings, BackfillListener.NONE).run();
        if (!result.complete() || result.rowsMissed() > 0) {
            throw new IllegalStateException("The backfill did not copy every row: " + result + ".");
        }
    }

    private void verify() {
        Verification.Report report =
                new Verification(databases, tables.mapping(), VerificationListener.NONE).run(false);
        if (report.differenceCount() > 0) {
            throw new IllegalStateException("The sides differ in " + report.differenceCount() + " rows.");
        }
    }

    private static AccountService of(RoutedAccounts accounts) {
        return new AccountService() {
            @Override
            public Optional<Account> find(long key) {
                return accounts.find(key);
            }

            @Override
            public void save(Account account) {
                accounts.save(account);
            }

            @Override
            public void delete(long key) {
                accounts.delete(key);
            }
        };
    }
}
