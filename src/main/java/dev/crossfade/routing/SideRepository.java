package dev.crossfade.routing;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.sql.TextValue;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.ReadableField;
import dev.crossfade.statement.RowBinding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RowN;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The records of one entity as one side stores them. The legacy side is read through the mapping's <em>project</em> and
 * written through its <em>restore</em> expressions. Writes go to this side alone: nothing is mirrored and no intent is
 * left, so services write through {@link DualWriteRepository}.
 *
 * @param <R> the record
 * @param <K> the key
 */
public abstract class SideRepository<R, K> implements Repository<R, K> {

    private final EntityType<R, K> type;
    private final Side side;
    private final SideSession session;
    private final Relation relation;
    private final List<Field<?>> fields;
    private final Map<String, Field<?>> byColumn = new HashMap<>();
    private final Statements one;
    private final Statements many;

    /** The statements for one row or for many. */
    private record Statements(RowBinding binding, TextStatement save, TextStatement delete) {

        static Statements render(TableMapping mapping, Side side, RowBinding binding) {
            ProjectionSql sql = new ProjectionSql(mapping.from(side), binding);
            return new Statements(binding, sql.save(), sql.delete());
        }
    }

    /** Creates a repository whose statements each have a transaction of their own. */
    protected SideRepository(Router router, EntityType<R, K> type, Side side) {
        this((SideSession) EntityRouter.of(router), type, side);
    }

    /** Creates a repository whose statements run in the given session. */
    SideRepository(SideSession session, EntityType<R, K> type, Side side) {
        TableMapping mapping = type.mapping();
        this.type = type;
        this.side = side;
        this.session = session;
        this.relation = mapping.relation(side);
        this.fields = fields(mapping);
        for (int i = 0; i < fields.size(); i++) {
            byColumn.put(mapping.modern().allColumns().get(i).name(), fields.get(i));
        }
        this.one = Statements.render(mapping, side, RowBinding.ONE);
        this.many = Statements.render(mapping, side, RowBinding.MANY);
    }

    /** Creates a copy of a repository that is bound to a transaction. */
    protected SideRepository(SideRepository<R, K> from, Transaction transaction) {
        this.type = from.type;
        this.side = from.side;
        this.session = RoutedTransaction.of(transaction);
        this.relation = from.relation;
        this.fields = from.fields;
        this.byColumn.putAll(from.byColumn);
        this.one = from.one;
        this.many = from.many;
    }

    @Override
    public void save(R entity) {
        saveAll(List.of(entity));
    }

    @Override
    public void saveAll(Collection<? extends R> entities) {
        if (!entities.isEmpty()) {
            List<List<@Nullable String>> rows = rows(type, entities);
            Statements sql = statements(rows.size());
            session.current()
                    .writeDirectly(
                            side,
                            connection -> sql.save()
                                    .query(
                                            connection,
                                            this::readKey,
                                            sql.binding().values(rows)));
        }
    }

    @Override
    public boolean delete(K key) {
        return deleteAll(List.of(key)) > 0;
    }

    @Override
    public int deleteAll(Collection<? extends K> keys) {
        if (keys.isEmpty()) {
            return 0;
        }
        List<RecordKey> recordKeys = keys(type, keys);
        Statements sql = statements(recordKeys.size());
        return session.current()
                .writeDirectly(
                        side,
                        connection -> sql.delete()
                                .query(connection, this::readKey, sql.binding().keys(recordKeys)))
                .size();
    }

    @Override
    public Optional<R> find(K key) {
        return select().where(keyIs(key)).fetchOptional(type::fromRow);
    }

    @Override
    public List<R> findAll(Collection<? extends K> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        List<Condition> conditions = new ArrayList<>();
        keys.forEach(key -> conditions.add(keyIs(key)));
        return select().where(DSL.or(conditions)).fetch(type::fromRow);
    }

    @Override
    public List<R> page(@Nullable K after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A page needs a limit of at least 1, not " + limit + ".");
        }
        Condition beyond =
                after == null ? DSL.noCondition() : rowOf(relation.keyFields()).gt(rowOf(keyParameters(after)));
        return select().where(beyond).orderBy(relation.keyFields()).limit(limit).fetch(type::fromRow);
    }

    /**
     * Returns the record whose modern columns have the given values; for columns with a unique index. No index
     * prevents several legacy rows that project to the same values: then this returns one of them.
     */
    protected Optional<R> findUnique(List<String> columns, Object... values) {
        Condition condition = DSL.noCondition();
        for (int i = 0; i < values.length; i++) {
            condition = condition.and(expression(columns.get(i), values[i]));
        }
        return select().where(condition).limit(1).fetchOptional(type::fromRow);
    }

    /** Returns records as rows of texts in key order, one for each key, so that concurrent batches never deadlock. */
    static <R, K> List<List<@Nullable String>> rows(EntityType<R, K> type, Collection<? extends R> entities) {
        Map<RecordKey, List<@Nullable String>> rows = new LinkedHashMap<>();
        for (R entity : entities) {
            rows.put(type.recordKey(type.key(entity)), row(type, entity));
        }
        return rows.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(SideRepository::compare))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static <R, K> List<@Nullable String> row(EntityType<R, K> type, R entity) {
        List<@Nullable Object> values = type.values(entity);
        List<@Nullable String> row = new ArrayList<>(values.size());
        for (Object value : values) {
            row.add(TextValue.of(value));
        }
        return row;
    }

    /** Returns keys as texts, sorted and distinct. */
    static <R, K> List<RecordKey> keys(EntityType<R, K> type, Collection<? extends K> keys) {
        return keys.stream()
                .map(type::recordKey)
                .distinct()
                .sorted(SideRepository::compare)
                .toList();
    }

    private static int compare(RecordKey one, RecordKey other) {
        return one.toString().compareTo(other.toString());
    }

    private SelectJoinStep<Record> select() {
        return session.current().dsl(side).select(fields).from(relation.aliased());
    }

    private Condition keyIs(K key) {
        List<Field<Object>> parameters = keyParameters(key);
        Condition condition = DSL.noCondition();
        for (int i = 0; i < parameters.size(); i++) {
            condition = condition.and(relation.keyFields().get(i).eq(parameters.get(i)));
        }
        return condition;
    }

    private List<Field<Object>> keyParameters(K key) {
        List<String> texts = type.recordKey(key).values();
        List<Field<Object>> parameters = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            parameters.add(relation.key().get(i).cast(DSL.val(texts.get(i))));
        }
        return parameters;
    }

    private Condition expression(String column, Object value) {
        Field<?> field = byColumn.get(column);
        if (field == null) {
            throw new IllegalArgumentException("The column '" + column + "' is not mapped.");
        }
        Column type = type(column);
        return plain(column).eq(type.cast(DSL.val(TextValue.of(value))));
    }

    private Column type(String column) {
        return type.mapping().modern().allColumns().stream()
                .filter(one -> one.name().equals(column))
                .findFirst()
                .orElseThrow();
    }

    private static RowN rowOf(List<Field<Object>> fields) {
        return DSL.row(fields);
    }

    private List<Field<?>> fields(TableMapping mapping) {
        List<Field<?>> typed = new ArrayList<>();
        List<Column> columns = mapping.modern().allColumns();
        for (int i = 0; i < columns.size(); i++) {
            DataType<?> dataType = type.fields().get(i).getDataType();
            typed.add(ReadableField.of(plain(columns.get(i).name()), columns.get(i), dataType)
                    .as(DSL.name(columns.get(i).name())));
        }
        return List.copyOf(typed);
    }

    /** Returns a modern column over this side's row. */
    private Field<Object> plain(String column) {
        TableMapping mapping = type.mapping();
        List<Column> modernKey = mapping.modern().key();
        for (int i = 0; i < modernKey.size(); i++) {
            if (modernKey.get(i).name().equals(column)) {
                return relation.field(relation.key().get(i));
            }
        }
        return side == Side.LEGACY
                ? mapping.from(Side.LEGACY).shown(column).orElseGet(() -> relation.field(type(column)))
                : relation.field(type(column));
    }

    private Statements statements(int rows) {
        return RowBinding.of(rows) == RowBinding.ONE ? one : many;
    }

    private RecordKey readKey(ResultSet row) throws SQLException {
        return TextStatement.key(row, 1, relation.key().size());
    }
}
