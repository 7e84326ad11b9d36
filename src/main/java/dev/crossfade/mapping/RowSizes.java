package dev.crossfade.mapping;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import dev.crossfade.control.Databases;
import java.math.BigDecimal;
import org.jooq.DSLContext;

/** Asks how much memory rows take before they are read. */
public final class RowSizes {

    private RowSizes() {}

    /** Returns a statement that tells how many bytes the rows of some keys take together. Binds keys. */
    public static TextStatement ofKeys(Relation relation) {
        BoundRows bound = new BoundRows(RowBinding.MANY);
        DSLContext renderer = Databases.renderer();
        return new TextStatement(
                renderer.render(renderer.select(coalesce(sum(relation.size()), inline(BigDecimal.ZERO)))
                        .from(relation.aliased())
                        .join(bound.keysOf(relation))
                        .on(bound.match(relation))));
    }
}
