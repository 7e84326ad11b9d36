package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Which transactions can write both sides of an entity, and which sides reach the databases. */
class SharedTransactionTest {

    private static final Databases ONE = Databases.shared(new PGSimpleDataSource());
    private static final Databases TWO = new Databases(new PGSimpleDataSource(), new PGSimpleDataSource());

    private final TableMapping tables = TableMapping.table("user")
            .legacy("l", "users")
            .modern("m", "accounts")
            .build();
    private final TableMapping columns =
            TableMapping.columns("user").legacy("l", "users").build();

    @Test
    void twoTablesShareATransactionInOneDatabaseAlone() {
        assertThat(tables.sidesShareTransaction(ONE)).isTrue();
        assertThat(tables.sidesShareTransaction(TWO)).isFalse();
        assertThat(tables.from(Side.MODERN).sidesShareTransaction(TWO)).isFalse();
    }

    @Test
    void columnsInPlaceShareATransactionWhereverTheSchemasAre() {
        assertThat(columns.sidesShareTransaction(ONE)).isTrue();
        assertThat(columns.sidesShareTransaction(TWO)).isTrue();
        assertThat(columns.from(Side.LEGACY).sidesShareTransaction(TWO)).isTrue();
    }

    @Test
    void eachDatabaseIsReachedOnce() {
        assertThat(ONE.sides()).containsExactly(Side.LEGACY);
        assertThat(TWO.sides()).containsExactly(Side.LEGACY, Side.MODERN);
    }

    @Test
    void theControlDatabaseIsLegacysAndModernsOnlyWhereTheyShareIt() {
        assertThat(ONE.isControl(Side.LEGACY)).isTrue();
        assertThat(ONE.isControl(Side.MODERN)).isTrue();
        assertThat(TWO.isControl(Side.LEGACY)).isTrue();
        assertThat(TWO.isControl(Side.MODERN)).isFalse();
    }
}
