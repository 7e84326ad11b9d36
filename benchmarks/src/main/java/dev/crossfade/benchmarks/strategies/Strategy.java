package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.harness.Row;
import java.util.List;

/** A way to bring a table into another shape while its service is used. Made for one table, and gone through once. */
interface Strategy {

    /** Returns the service, as its callers have it all the time. */
    AccountService service();

    /**
     * Builds whatever the strategy needs into the service, which until then used the legacy table by plain JDBC; tells
     * whether it changed anything.
     */
    default boolean buildIn() {
        return false;
    }

    /** Does everything up to the switch. */
    void prepare(Steps steps) throws Exception;

    /** Makes the modern table the one that decides. */
    void switchOver(Steps steps) throws Exception;

    /** Makes the legacy table the one that decides again, and is read. */
    void rollBack(Steps steps) throws Exception;

    /** Tells whether what is written now is to be on both sides. */
    boolean writesBothSides();

    /** Waits until everything written is where it is to be. Nobody calls. */
    default void awaitLevel() throws InterruptedException {}

    /** Returns numbers that this strategy alone has, their names beginning with {@code subject}. */
    default List<Row> ownRows(String subject) {
        return List.of();
    }
}
