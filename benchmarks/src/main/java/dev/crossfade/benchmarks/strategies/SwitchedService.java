package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.Account;
import java.util.Optional;

/** A service whose flag switches callers to another implementation. In-flight calls end where they began. */
final class SwitchedService implements AccountService {

    private volatile AccountService current;

    SwitchedService(AccountService first) {
        this.current = first;
    }

    void switchTo(AccountService other) {
        current = other;
    }

    @Override
    public Optional<Account> find(long key) throws Exception {
        return current.find(key);
    }

    @Override
    public void save(Account account) throws Exception {
        current.save(account);
    }

    @Override
    public void delete(long key) throws Exception {
        current.delete(key);
    }
}
