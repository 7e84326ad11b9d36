package dev.crossfade.routing;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records of one entity in the modern shape, wherever they are stored. Generated repositories extend this with finders
 * for unique indexes. Implementations are thread-safe, except those bound to a transaction.
 *
 * @param <R> the record
 * @param <K> the key: the column's type, or a generated record for a composite key
 */
public interface Repository<R, K> {

    /** Inserts a record, or replaces the one with the same key. */
    void save(R entity);

    /** As {@link #save} for many records in one statement; of records with the same key the last one wins. */
    void saveAll(Collection<? extends R> entities);

    /** Deletes a record; tells whether it existed. */
    boolean delete(K key);

    /** Deletes records in one statement; returns how many existed. */
    int deleteAll(Collection<? extends K> keys);

    /** Returns the record with a key. */
    Optional<R> find(K key);

    /** Returns the records that exist, in no particular order. */
    List<R> findAll(Collection<? extends K> keys);

    /**
     * Returns the next records in key order.
     *
     * @param after the key after which to continue, null for the first page
     * @param limit how many records at most, at least 1
     */
    List<R> page(@Nullable K after, int limit);

    /** Returns this repository bound to a transaction; use it on the transaction's thread, until its end. */
    Repository<R, K> in(Transaction transaction);
}
