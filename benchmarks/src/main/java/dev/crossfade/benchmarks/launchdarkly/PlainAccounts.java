package dev.crossfade.benchmarks.launchdarkly;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import java.sql.SQLException;
import java.util.Optional;

/** One side's read and write, as a service gives them to LaunchDarkly's {@code Migration}. */
public interface PlainAccounts {

    /** Returns the account with a key. */
    Optional<Account> find(Long key);

    /** Inserts an account or replaces it. */
    void save(Account account) throws SQLException;

    /** Creates a side for a suite that only writes. */
    static PlainAccounts writing(JdbcAccounts side) {
        return new PlainAccounts() {
            @Override
            public Optional<Account> find(Long key) {
                throw new UnsupportedOperationException("This suite does not read through LaunchDarkly.");
            }

            @Override
            public void save(Account account) throws SQLException {
                side.save(account);
            }
        };
    }
}
