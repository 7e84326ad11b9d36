package dev.crossfade.benchmarks.routing;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.Transaction;

/** Routes between two sides that answer at once. */
final class RoutedConstants extends DualWriteRepository<Account, Long, ConstantAccounts> {

    RoutedConstants(Router router, AccountType type) {
        super(router, type, new ConstantAccounts(), new ConstantAccounts());
    }

    private RoutedConstants(RoutedConstants from, Transaction transaction) {
        super(from, transaction, from.legacy(), from.modern());
    }

    @Override
    public RoutedConstants in(Transaction transaction) {
        return new RoutedConstants(this, transaction);
    }
}
