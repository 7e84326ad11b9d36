package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import java.util.Optional;

/** The service whose table is changed while callers use it. A call that throws has failed. */
interface AccountService {

    Optional<Account> find(long key) throws Exception;

    /** Inserts an account or replaces it. */
    void save(Account account) throws Exception;

    void delete(long key) throws Exception;

    /** Returns one side alone. */
    static AccountService of(JdbcAccounts side) {
        return new AccountService() {
            @Override
            public Optional<Account> find(long key) throws Exception {
                return side.find(key);
            }

            @Override
            public void save(Account account) throws Exception {
                side.save(account);
            }

            @Override
            public void delete(long key) throws Exception {
                side.delete(key);
            }
        };
    }
}
