package dev.crossfade.benchmarks.accounts;

import dev.crossfade.model.Side;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;

/** Accounts on one side, without routing. */
public final class SideAccounts extends SideRepository<Account, Long> {

    /** Creates the repository of one side; each of its statements has its own transaction. */
    public SideAccounts(Router router, AccountType type, Side side) {
        super(router, type, side);
    }

    private SideAccounts(SideAccounts from, Transaction transaction) {
        super(from, transaction);
    }

    @Override
    public SideAccounts in(Transaction transaction) {
        return new SideAccounts(this, transaction);
    }
}
