package dev.crossfade.benchmarks.launchdarkly;

import dev.crossfade.benchmarks.accounts.Account;
import java.sql.SQLException;
import java.util.Optional;

/** What a service gives LaunchDarkly's {@code Migration} for each side: a read and a write of its own. */
public interface PlainAccounts {

    /** Returns the account with a key. */
    Optional<Account> find(Long key);

    /** Inserts an account or replaces it. */
    void save(Account account) throws SQLException;
}
