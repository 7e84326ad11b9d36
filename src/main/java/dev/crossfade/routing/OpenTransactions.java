package dev.crossfade.routing;

import java.util.ArrayList;
import java.util.List;

/** The transactions that each thread has open. Thread-safe. */
final class OpenTransactions {

    private final ThreadLocal<List<RoutedTransaction>> open = ThreadLocal.withInitial(() -> new ArrayList<>(2));

    /** Tells whether one of the calling thread's has written an entity. */
    boolean haveWritten(String entity) {
        return open.get().stream().anyMatch(transaction -> transaction.hasWritten(entity));
    }

    /** One that was closed by another thread is still among those of the thread that opened it. */
    void opened(RoutedTransaction transaction) {
        List<RoutedTransaction> here = open.get();
        here.removeIf(RoutedTransaction::isClosed);
        here.add(transaction);
    }

    void closed(RoutedTransaction transaction) {
        List<RoutedTransaction> here = open.get();
        here.remove(transaction);
        if (here.isEmpty()) {
            open.remove();
        }
    }
}
