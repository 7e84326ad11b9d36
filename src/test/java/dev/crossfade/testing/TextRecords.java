package dev.crossfade.testing;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The records of any mapping, routed; each value is the text in which PostgreSQL prints it. */
public final class TextRecords
        extends DualWriteRepository<TextRecords.TextRecord, List<String>, TextRecords.TextRepository> {

    /**
     * A record.
     *
     * @param key the texts of the key's columns
     * @param values the texts of the other columns of the modern shape, in the mapping's order
     */
    public record TextRecord(List<String> key, List<@Nullable String> values) {

        /** Creates a record with a key of one column. */
        public static TextRecord of(String key, @Nullable String... values) {
            return new TextRecord(List.of(key), Arrays.asList(values));
        }
    }

    /** Creates the routed repository of a mapping. */
    public TextRecords(Router router, TableMapping mapping) {
        super(
                router,
                new Type(mapping),
                new OneSide(router, mapping, Side.LEGACY),
                new OneSide(router, mapping, Side.MODERN));
    }

    private TextRecords(TextRecords from, Transaction transaction) {
        super(from, transaction, from.legacy().in(transaction), from.modern().in(transaction));
    }

    @Override
    public TextRecords in(Transaction transaction) {
        return new TextRecords(this, transaction);
    }

    /** What both sides can do. */
    public interface TextRepository extends Repository<TextRecord, List<String>> {
        @Override
        TextRepository in(Transaction transaction);
    }

    private static final class OneSide extends SideRepository<TextRecord, List<String>> implements TextRepository {
        private OneSide(Router router, TableMapping mapping, Side side) {
            super(router, new Type(mapping), side);
        }

        private OneSide(OneSide from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public OneSide in(Transaction transaction) {
            return new OneSide(this, transaction);
        }
    }

    private record Type(TableMapping mapping) implements EntityType<TextRecord, List<String>> {

        @Override
        public List<Field<?>> fields() {
            List<Field<?>> fields = new ArrayList<>();
            for (Column column : mapping.modern().allColumns()) {
                fields.add(DSL.field(DSL.name(column.name()), String.class));
            }
            return fields;
        }

        @Override
        public TextRecord fromRow(Record row) {
            List<@Nullable String> texts = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                texts.add(row.get(i, String.class));
            }
            int width = mapping.modern().key().size();
            List<String> key = new ArrayList<>();
            texts.subList(0, width).forEach(text -> key.add(String.valueOf(text)));
            return new TextRecord(key, new ArrayList<>(texts.subList(width, texts.size())));
        }

        @Override
        public List<@Nullable Object> values(TextRecord one) {
            List<@Nullable Object> values = new ArrayList<>(one.key());
            values.addAll(one.values());
            return values;
        }

        @Override
        public List<Object> keyValues(List<String> key) {
            return List.copyOf(key);
        }

        @Override
        public List<String> key(TextRecord one) {
            return one.key();
        }
    }
}
