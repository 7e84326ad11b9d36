package dev.crossfade.routing;

import dev.crossfade.model.Side;
import org.jooq.DSLContext;

/**
 * The repository of a contracted entity: reads and writes the modern table alone, without the routing layer, the
 * control schema or the legacy database. It replaces the {@link DualWriteRepository} and has the same records and
 * interface.
 *
 * @param <R> the record
 * @param <K> the key
 */
public abstract class PlainRepository<R, K> extends SideRepository<R, K> {

    /**
     * Creates a repository whose statements run like those of a jOOQ context: each in a transaction of its own, or in
     * the open one of the context or of the framework behind its data source.
     *
     * @param modern a context on the modern database
     */
    protected PlainRepository(DSLContext modern, EntityType<R, K> type) {
        super(new PlainSession(modern), type, Side.MODERN);
    }

    /**
     * Creates a copy of a repository that is bound to a transaction, which may write other entities through the
     * routing layer.
     */
    protected PlainRepository(PlainRepository<R, K> from, Transaction transaction) {
        super(from, transaction);
    }
}
