package dev.crossfade.benchmarks.accounts;

import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.Transaction;

/** Accounts as a service uses them. */
public final class RoutedAccounts extends DualWriteRepository<Account, Long, SideAccounts> {

    /** Creates the repository and registers the entity. */
    public RoutedAccounts(Router router, AccountType type) {
        super(router, type, new SideAccounts(router, type, Side.LEGACY), new SideAccounts(router, type, Side.MODERN));
    }

    private RoutedAccounts(RoutedAccounts from, Transaction transaction) {
        super(from, transaction, from.legacy().in(transaction), from.modern().in(transaction));
    }

    @Override
    public RoutedAccounts in(Transaction transaction) {
        return new RoutedAccounts(this, transaction);
    }
}
