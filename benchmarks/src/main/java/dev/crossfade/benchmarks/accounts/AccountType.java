package dev.crossfade.benchmarks.accounts;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.EntityType;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The Java types of {@link Account}, as the code generator would write them, one instance for each entity. */
public record AccountType(TableMapping mapping) implements EntityType<Account, Long> {

    private static final Field<Long> ID = DSL.field(DSL.name("account_id"), Long.class);
    private static final Field<String> EMAIL = DSL.field(DSL.name("email"), String.class);
    private static final Field<String> FULL_NAME = DSL.field(DSL.name("full_name"), String.class);

    @Override
    public List<Field<?>> fields() {
        return List.of(ID, EMAIL, FULL_NAME);
    }

    @Override
    public Account fromRow(Record row) {
        return new Account(row.get(0, Long.class), row.get(1, String.class), row.get(2, String.class));
    }

    @Override
    public List<@Nullable Object> values(Account account) {
        return List.of(account.id(), account.email(), account.fullName());
    }

    @Override
    public List<Object> keyValues(Long key) {
        return List.of(key);
    }

    @Override
    public Long key(Account account) {
        return account.id();
    }
}
