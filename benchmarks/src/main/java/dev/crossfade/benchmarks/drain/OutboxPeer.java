package dev.crossfade.benchmarks.drain;

import com.gruelbox.transactionoutbox.DefaultPersistor;
import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.gruelbox.transactionoutbox.TransactionOutboxEntry;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * transaction-outbox with one entry per key, whose work is the upsert of that key. It has eight threads, and the time
 * to write its entries does not count.
 */
final class OutboxPeer implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int AT_ONCE = THREADS * 2;
    private static final Duration LAST_ENTRIES = Duration.ofMinutes(1);
    private static final int SCHEDULED_AT_ONCE = 1000;
    private static final Duration FREQUENCY = Duration.ofHours(1);
    private static final String UPSERT = """
            insert into modern.accounts_behind (account_id, email, full_name)
            select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_behind where id = ?
            on conflict (account_id) do update set email = excluded.email, full_name = excluded.full_name
            """;

    private final Backlog backlog;
    private final ThreadLocalContextTransactionManager transactions;
    private final TransactionOutbox outbox;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean draining;
    private volatile Instant now = Instant.now();

    /** The interface that an entry calls; the outbox creates a proxy of it. */
    interface Upserts {
        void apply(long key) throws SQLException;
    }

    OutboxPeer(Backlog backlog) {
        this.backlog = backlog;
        this.transactions = TransactionManager.fromDataSource(backlog.legacy());
        Upserts upserts = this::upsert;
        this.outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(
                        DefaultPersistor.builder().dialect(Dialect.POSTGRESQL_9).build())
                .instantiator(Instantiator.using(type -> upserts))
                .submitter(this::submit)
                .attemptFrequency(FREQUENCY)
                .clockProvider(() -> Clock.fixed(now, ZoneOffset.UTC))
                .build();
    }

    /** Writes an entry for each of the first keys. */
    void schedule(int keys) throws SQLException {
        draining = false;
        for (int from = 1; from <= keys; from += SCHEDULED_AT_ONCE) {
            int first = from;
            int last = Math.min(keys, from + SCHEDULED_AT_ONCE - 1);
            transactions.inTransactionThrows(transaction -> {
                for (int key = first; key <= last; key++) {
                    outbox.schedule(Upserts.class).apply(key);
                }
            });
        }
    }

    /** Processes every entry. */
    void drain(int keys) throws InterruptedException {
        done.set(0);
        draining = true;
        now = now.plus(FREQUENCY.multipliedBy(2));
        boolean found;
        do {
            found = outbox.flush();
        } while (found);
        if (!free.tryAcquire(AT_ONCE, LAST_ENTRIES.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    "transaction-outbox was still at work %d s after its last flush: %d of %d entries are done."
                            .formatted(LAST_ENTRIES.toSeconds(), done.get(), keys));
        }
        free.release(AT_ONCE);
        if (done.get() != keys) {
            throw new IllegalStateException(
                    "transaction-outbox worked off %d of %d entries.".formatted(done.get(), keys));
        }
    }

    @Override
    public void close() {
        threads.close();
    }

    /** Keeps an entry for the drain; by default the transaction that wrote an entry submits it first. */
    private void submit(TransactionOutboxEntry entry, Consumer<TransactionOutboxEntry> work) {
        if (!draining) {
            return;
        }
        free.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                work.accept(entry);
                done.incrementAndGet();
            } finally {
                free.release();
            }
        });
    }

    private void upsert(long key) throws SQLException {
        transactions.requireTransaction(transaction -> {
            try (PreparedStatement statement = transaction.connection().prepareStatement(UPSERT)) {
                statement.setLong(1, key);
                statement.executeUpdate();
            }
        });
    }

    Backlog backlog() {
        return backlog;
    }
}
