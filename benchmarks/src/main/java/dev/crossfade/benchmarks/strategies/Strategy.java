package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.harness.Row;
import java.util.List;

/** A way to change a table's shape while its service is used. Created for one table, and run once. */
interface Strategy {

    /** Returns the service that callers use throughout. */
    AccountService service();

    /**
     * Builds whatever the strategy needs into the service, which has used the legacy table by plain JDBC until then;
     * tells whether it changed anything.
     */
    default boolean buildIn() {
        return false;
    }

    /** Does everything up to the switch. */
    void prepare(Steps steps) throws Exception;

    /** Makes the modern table authoritative. */
    void switchOver(Steps steps) throws Exception;

    /** Makes the legacy table authoritative again, and reads from it. */
    void rollBack(Steps steps) throws Exception;

    /** Tells whether writes should be on both sides now. */
    boolean writesBothSides();

    /** Waits until every write is where it should be. Only while nobody calls. */
    default void awaitLevel() throws InterruptedException {}

    /** Returns numbers that only this strategy has, their names beginning with {@code subject}. */
    default List<Row> ownRows(String subject) {
        return List.of();
    }
}
