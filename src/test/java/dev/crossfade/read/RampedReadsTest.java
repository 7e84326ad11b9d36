package dev.crossfade.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Ramp;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.EntityType;
import dev.crossfade.stages.EntityStage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RampedReadsTest {

    private static final Tenants NO_TENANTS = new Tenants(Map.of());

    /** A key of two columns, a currency among them. */
    private record PriceKey(long product, String currency) {}

    private enum PriceType implements EntityType<PriceKey, PriceKey> {
        INSTANCE;

        private static final TableMapping MAPPING = TableMapping.table("price")
                .legacy("legacy", "prices")
                .modern("modern", "prices")
                .key(new Column("product", "bigint"), new Column("product_id", "bigint"))
                .key(new Column("currency", "text"), new Column("currency", "text"))
                .build();

        @Override
        public TableMapping mapping() {
            return MAPPING;
        }

        @Override
        public List<Field<?>> fields() {
            return List.of(
                    DSL.field(DSL.name("product_id"), Long.class), DSL.field(DSL.name("currency"), String.class));
        }

        @Override
        public PriceKey fromRow(Record row) {
            return new PriceKey(row.get(0, Long.class), row.get(1, String.class));
        }

        @Override
        public List<@Nullable Object> values(PriceKey price) {
            return List.of(price.product(), price.currency());
        }

        @Override
        public List<Object> keyValues(PriceKey key) {
            return List.of(key.product(), key.currency());
        }

        @Override
        public PriceKey key(PriceKey price) {
            return price;
        }
    }

    private static RampedReads<PriceKey> reads(Tenants tenants) {
        return new RampedReads<>(PriceType.INSTANCE.mapping(), PriceType.INSTANCE::recordKey, tenants);
    }

    @Test
    void aColumnOfACompositeKeyIsTheTenant() {
        RampedReads<PriceKey> reads = reads(NO_TENANTS);
        EntityStage stage = at(new Ramp(0, "currency", Set.of("EUR")));

        assertThat(reads.side(stage, new PriceKey(1, "EUR"))).isEqualTo(Side.MODERN);
        assertThat(reads.side(stage, new PriceKey(1, "CHF"))).isEqualTo(Side.LEGACY);
    }

    @Test
    void theServiceNamesTheTenantWhereTheKeyDoesNot() {
        RampedReads<PriceKey> reads =
                reads(new Tenants(Map.of("price", key -> ((PriceKey) key).product() < 10 ? "a" : "b")));
        EntityStage stage = at(new Ramp(0, Ramp.TENANT, Set.of("a")));

        assertThat(reads.side(stage, new PriceKey(9, "EUR"))).isEqualTo(Side.MODERN);
        assertThat(reads.side(stage, new PriceKey(10, "EUR"))).isEqualTo(Side.LEGACY);
    }

    @Test
    void aTenantThatCannotBeToldIsReadFromTheSideThatDecides() {
        RampedReads<PriceKey> none = reads(NO_TENANTS);
        RampedReads<PriceKey> failing = reads(new Tenants(Map.of("price", key -> {
            throw new IllegalStateException("thrown on purpose");
        })));
        EntityStage stage = at(new Ramp(999, Ramp.TENANT, Set.of("a")));

        assertThat(none.side(stage, new PriceKey(1, "EUR"))).isEqualTo(Side.LEGACY);
        assertThat(failing.side(stage, new PriceKey(1, "EUR"))).isEqualTo(Side.LEGACY);
    }

    private static EntityStage at(Ramp ramp) {
        return new EntityStage(Stage.MODERN_READ, 3, ramp);
    }
}
