package dev.crossfade.benchmarks.overhead;

import dev.crossfade.model.Side;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;

/** Accounts on one side, not routed. */
final class SideAccounts extends SideRepository<Account, Long> {

    SideAccounts(Router router, AccountType type, Side side) {
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
