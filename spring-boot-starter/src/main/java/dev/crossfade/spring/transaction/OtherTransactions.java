package dev.crossfade.spring.transaction;

/** What a repository does when Spring has a transaction open, and none of it is on Crossfade's databases. */
public enum OtherTransactions {

    /** It refuses: the caller most likely means one transaction, and would get several. */
    REFUSE,

    /** Its statements have transactions of their own. */
    IGNORE
}
