package dev.crossfade.sample.storage;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ResultQuery;

/**
 * A change of an order's amount by some cents, whatever the amount is. Applied by one UPDATE on whichever side decides,
 * whose returned keys are mirrored.
 *
 * @param surcharge what is added, in euros with two decimals
 */
public record OrderChanges(BigDecimal surcharge) {

    /** Changes an order; tells whether there is one. */
    public boolean apply(Repositories repositories, long id) {
        return repositories.orders().write(legacy -> onLegacy(legacy, id), modern -> onModern(modern, id)) > 0;
    }

    private ResultQuery<?> onLegacy(DSLContext dsl, long id) {
        Field<Long> key = field(name("id"), Long.class);
        Field<BigDecimal> amount = field(name("amount"), BigDecimal.class);
        return dsl.update(table(name("legacy", "orders")))
                .set(amount, amount.plus(surcharge))
                .where(key.eq(id))
                .returning(key);
    }

    private ResultQuery<?> onModern(DSLContext dsl, long id) {
        Field<Long> key = field(name("purchase_id"), Long.class);
        Field<BigDecimal> amount = field(name("amount"), BigDecimal.class);
        return dsl.update(table(name("modern", "purchases")))
                .set(amount, amount.plus(surcharge))
                .where(key.eq(id))
                .returning(key);
    }
}
