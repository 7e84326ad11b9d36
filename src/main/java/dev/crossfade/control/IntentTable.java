package dev.crossfade.control;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.OffsetDateTime;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The names of the table {@code crossfade.intent}. Writers append to it within their own statements, and {@code queue}
 * reads, counts and deletes: neither room knows the other.
 */
public final class IntentTable {

    public static final Table<Record> INTENT = table(name("crossfade", "intent"));
    public static final Field<Long> ID = field(name("id"), Long.class);
    public static final Field<String> ENTITY = field(name("entity"), String.class);
    public static final Field<String[]> KEY = field(name("key"), SQLDataType.CLOB.array());
    public static final Field<OffsetDateTime> NOTED_AT = field(name("noted_at"), OffsetDateTime.class);

    private IntentTable() {}
}
