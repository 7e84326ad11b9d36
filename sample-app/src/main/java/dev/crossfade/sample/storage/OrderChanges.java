package dev.crossfade.sample.storage;

import static dev.crossfade.sample.db.legacy.Tables.ORDERS;
import static dev.crossfade.sample.db.modern.Tables.PURCHASES;

import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.jooq.ResultQuery;

/**
 * A surcharge on an order, whatever its amount is. It is applied by one UPDATE on the authoritative side, whose
 * returned keys are mirrored.
 *
 * @param surcharge the amount to add, in euros with two decimals
 */
public record OrderChanges(BigDecimal surcharge) {

    /** Changes an order; tells whether it exists. */
    public boolean apply(Repositories repositories, long id) {
        return repositories.orders().write(legacy -> onLegacy(legacy, id), modern -> onModern(modern, id)) > 0;
    }

    private ResultQuery<?> onLegacy(DSLContext dsl, long id) {
        return dsl.update(ORDERS)
                .set(ORDERS.AMOUNT, ORDERS.AMOUNT.plus(surcharge))
                .where(ORDERS.ID.eq(id))
                .returning(ORDERS.ID);
    }

    private ResultQuery<?> onModern(DSLContext dsl, long id) {
        return dsl.update(PURCHASES)
                .set(PURCHASES.AMOUNT, PURCHASES.AMOUNT.plus(surcharge))
                .where(PURCHASES.PURCHASE_ID.eq(id))
                .returning(PURCHASES.PURCHASE_ID);
    }
}
