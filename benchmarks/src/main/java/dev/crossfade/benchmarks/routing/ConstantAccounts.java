package dev.crossfade.benchmarks.routing;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.launchdarkly.PlainAccounts;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A side that returns the same account at once and stores nothing, so that only the routing is measured. */
final class ConstantAccounts implements Repository<Account, Long>, PlainAccounts {

    static final Account ADA = new Account(42, "ada@example.org", "Ada Lovelace");

    private final Optional<Account> found = Optional.of(ADA);
    private final List<Account> all = List.of(ADA);

    @Override
    public Optional<Account> find(Long key) {
        return found;
    }

    @Override
    public List<Account> findAll(Collection<? extends Long> keys) {
        return all;
    }

    @Override
    public List<Account> page(@Nullable Long after, int limit) {
        return all;
    }

    @Override
    public void save(Account entity) {}

    @Override
    public void saveAll(Collection<? extends Account> entities) {}

    @Override
    public boolean delete(Long key) {
        return false;
    }

    @Override
    public int deleteAll(Collection<? extends Long> keys) {
        return 0;
    }

    @Override
    public ConstantAccounts in(Transaction transaction) {
        return this;
    }
}
