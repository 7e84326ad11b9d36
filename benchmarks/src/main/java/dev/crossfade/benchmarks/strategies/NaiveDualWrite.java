package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import dev.crossfade.benchmarks.harness.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people write first: two commits for each write, and a failure of the second is logged.
 *
 * <p>Old rows are copied by LIMIT and OFFSET. When both sides have the same number of rows, the service is switched to
 * the modern side alone.
 */
final class NaiveDualWrite implements Strategy {

    private static final Logger LOG = LoggerFactory.getLogger(NaiveDualWrite.class);

    private final DataSource operators;
    private final AccountTables tables;
    private final Course course;
    private final JdbcAccounts legacy;
    private final JdbcAccounts modern;
    private final LongAdder secondWritesFailed = new LongAdder();
    private volatile Mode mode = Mode.LEGACY;
    private boolean countsWereEqual;

    /** The sides that the service uses. */
    private enum Mode {
        LEGACY,
        BOTH,
        MODERN
    }

    /** One side's part of a write. */
    @FunctionalInterface
    private interface Write {
        void run(JdbcAccounts side) throws SQLException;
    }

    /**
     * Creates the strategy for a table.
     *
     * @param operators the operators' connections
     * @param pool the service's connections
     */
    NaiveDualWrite(DataSource operators, DataSource pool, AccountTables tables, Course course) {
        this.operators = operators;
        this.tables = tables;
        this.course = course;
        this.legacy = JdbcAccounts.legacy(pool, tables);
        this.modern = JdbcAccounts.modern(pool, tables);
    }

    @Override
    public AccountService service() {
        return new AccountService() {
            @Override
            public Optional<Account> find(long key) throws SQLException {
                return mode == Mode.MODERN ? modern.find(key) : legacy.find(key);
            }

            @Override
            public void save(Account account) throws SQLException {
                write(side -> side.save(account));
            }

            @Override
            public void delete(long key) throws SQLException {
                write(side -> side.delete(key));
            }
        };
    }

    @Override
    public void prepare(Steps steps) throws Exception {
        steps.take("dual-write", () -> {
            mode = Mode.BOTH;
            TimeUnit.NANOSECONDS.sleep(course.dwell().toNanos());
        });
        steps.take("backfill", this::backfill);
        steps.take("count", () -> countsWereEqual = awaitEqualCounts());
    }

    @Override
    public void switchOver(Steps steps) throws Exception {
        steps.take("switch-the-service", () -> mode = Mode.MODERN);
    }

    @Override
    public void rollBack(Steps steps) throws Exception {
        steps.take("switch-the-service", () -> mode = Mode.LEGACY);
    }

    @Override
    public boolean writesBothSides() {
        return mode == Mode.BOTH;
    }

    @Override
    public List<Row> ownRows(String subject) {
        return List.of(
                Row.reference(subject + "counts-were-equal", countsWereEqual ? 1 : 0, "1 is yes"),
                Row.reference(subject + "second-writes-failed", secondWritesFailed.sum(), "writes"));
    }

    private void write(Write write) throws SQLException {
        Mode now = mode;
        if (now == Mode.MODERN) {
            write.run(modern);
            return;
        }
        write.run(legacy);
        if (now == Mode.BOTH) {
            try {
                write.run(modern);
            } catch (SQLException e) {
                secondWritesFailed.increment();
                LOG.debug("The second write failed.", e);
            }
        }
    }

    /**
     * Copies old rows. It ends with the first page that is not full: only rows that were written to both sides are
     * behind it.
     */
    private void backfill() throws SQLException, InterruptedException {
        long start = System.nanoTime();
        long offset = 0;
        List<Account> page;
        do {
            page = read(offset);
            insert(page);
            offset += page.size();
            long due = start + offset * TimeUnit.SECONDS.toNanos(1) / course.rowsPerSecond();
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        } while (page.size() == Course.BATCH);
    }

    private List<Account> read(long offset) throws SQLException {
        String select = """
                select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_%s
                order by id limit ? offset ?
                """.formatted(tables.name());
        List<Account> page = new ArrayList<>();
        try (Connection connection = operators.getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setInt(1, Course.BATCH);
            statement.setLong(2, offset);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    page.add(new Account(row.getLong(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return page;
    }

    private void insert(List<Account> page) throws SQLException {
        String insert = """
                insert into modern.accounts_%s (account_id, email, full_name) values (?, ?, ?) on conflict do nothing
                """.formatted(tables.name());
        try (Connection connection = operators.getConnection();
                PreparedStatement statement = connection.prepareStatement(insert)) {
            connection.setAutoCommit(false);
            for (Account account : page) {
                statement.setLong(1, account.id());
                statement.setString(2, account.email());
                statement.setString(3, account.fullName());
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private boolean awaitEqualCounts() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + course.patience().toNanos();
        while (count("legacy.users_") != count("modern.accounts_")) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return true;
    }

    private long count(String prefix) throws SQLException {
        try (Connection connection = operators.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from %s%s".formatted(prefix, tables.name()))) {
            row.next();
            return row.getLong(1);
        }
    }
}
