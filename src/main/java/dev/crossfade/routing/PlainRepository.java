package dev.crossfade.routing;

import dev.crossfade.model.Side;
import org.jooq.DSLContext;

/**
 * The repository of an entity that is contracted: reads and writes the modern table alone, without the routing layer,
 * the control schema or the legacy database. It takes the place of the {@link DualWriteRepository}, whose records and
 * interface it has.
 *
 * @param <R> the record
 * @param <K> the key
 */
public abstract class PlainRepository<R, K> extends SideRepository<R, K> {

    /**
     * Makes a repository whose statements run where those of a jOOQ context do: each in a transaction of its own, or in
     * the one that the context, or the framework behind its data source, has open.
     *
     * @param modern a context on the modern database
     */
    protected PlainRepository(DSLContext modern, EntityType<R, K> type) {
        super(new PlainSession(modern), type, Side.MODERN);
    }

    /**
     * Makes a copy of a repository that is bound to a transaction, which may write other entities through the routing
     * layer.
     */
    protected PlainRepository(PlainRepository<R, K> from, Transaction transaction) {
        super(from, transaction);
    }
}
