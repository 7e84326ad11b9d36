package dev.crossfade.spring.transaction;

/** What a repository does in one of Spring's transactions that is on none of Crossfade's databases. */
public enum OtherTransactions {

    /** It refuses: the caller most likely expects one transaction, and would get several. */
    REFUSE,

    /** Its statements run in transactions of their own. */
    IGNORE
}
