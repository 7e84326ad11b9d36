package dev.crossfade.flags;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;

/**
 * Keeps generated numbers unique when the authority moves: the sequence behind a key column or any other mapped
 * column of the side that gets the authority continues after every number that the other side has handed out or
 * stored. A sequence is only ever advanced, so an interrupted flip wastes numbers and nothing else; a sequence that
 * both sides share is left alone.
 *
 * <p>All of it is done before writers are blocked. While they are, only quick lookups are repeated: the numbers that
 * the sequences have handed out, and the last stored number if the column leads an index.
 */
final class SequenceHandOver {

    /** The catalog's sequences behind a column: of a serial or identity column, or named by its default. */
    private static final String SEQUENCE = """
            select n.nspname, c.relname, s.seqincrement
            from pg_attribute a
            join pg_depend d on
                (d.classid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.deptype = 'i')
                or (d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
                    and d.objid = (select f.oid from pg_attrdef f where f.adrelid = a.attrelid and f.adnum = a.attnum))
            join pg_class c on c.relkind = 'S'
                and c.oid = case when d.classid = 'pg_class'::regclass then d.objid else d.refobjid end
            join pg_namespace n on n.oid = c.relnamespace
            join pg_sequence s on s.seqrelid = c.oid
            where a.attrelid = to_regclass(?) and a.attname = ?
            limit 1
            """;

    private static final Set<String> COUNTED = Set.of("smallint", "integer", "bigint");

    /** Binds table and column. */
    private static final String LEADS_AN_INDEX = """
            select exists (
                select from pg_index x
                join pg_am m on m.amname = 'btree' and m.oid = (select c.relam from pg_class c where c.oid = x.indexrelid)
                join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
                where x.indrelid = to_regclass(?) and x.indisvalid and x.indpred is null and a.attname = ?)
            """;

    private final List<HandOver> all = new ArrayList<>();
    private final Side leaving;
    private final boolean shared;

    /**
     * Finds the sequences and hands over what is known so far.
     *
     * @throws RefusedException if a sequence of the side that gets the authority cannot continue from there
     */
    SequenceHandOver(Databases databases, List<TableMapping> mappings, Side leaving) {
        this.leaving = leaving;
        this.shared = databases.areShared();
        DSLContext source = databases.dsl(leaving);
        DSLContext target = databases.dsl(leaving.opposite());
        for (TableMapping mapping : mappings) {
            Relation from = mapping.relation(leaving);
            Relation to = mapping.relation(leaving.opposite());
            for (int i = 0; i < to.key().size(); i++) {
                Column column = from.key().get(i);
                add(
                        source,
                        sequence(source, from, column),
                        new Stored(from, column, leaving),
                        target,
                        to.key().get(i),
                        to);
            }
            // The other side's source values of these may be anything, so the mirror's stored values count.
            for (Derived derived : mapping.from(leaving).derived()) {
                Column column = derived.column();
                Optional<Sequence> last = copied(derived).flatMap(copied -> sequence(source, from, copied));
                add(target, last, new Stored(to, column, leaving.opposite()), target, column, to);
            }
        }
        for (HandOver one : all) {
            Optional<Long> stored = stored(databases.of(one.stored().side()), one);
            one.advance(target, Stream.of(one.handedOut(source), stored));
        }
    }

    /** Remembers the sequence behind a column of the side that gets the authority, if it has its own. */
    private void add(
            DSLContext lookedUp,
            Optional<Sequence> last,
            Stored stored,
            DSLContext target,
            Column column,
            Relation to) {
        sequence(target, to, column)
                .filter(next -> !shared || !last.equals(Optional.of(next)))
                .ifPresent(next -> all.add(
                        new HandOver(last, stored, to, next, isQuick(lookedUp, stored.relation(), stored.column()))));
    }

    /** The column that a value is copied from unchanged: only then do both columns have the same numbers. */
    private static Optional<Column> copied(Derived derived) {
        String expression = derived.expression().strip();
        boolean quoted = expression.length() > 2 && expression.startsWith("\"") && expression.endsWith("\"");
        String name = quoted
                ? expression.substring(1, expression.length() - 1).replace("\"\"", "\"")
                : expression.toLowerCase(Locale.ROOT);
        return Optional.of(new Column(name, ""));
    }

    /** Hands them over, in the transactions that block writers. */
    void handOver(DSLContext source, DSLContext target) {
        for (HandOver one : all) {
            DSLContext where = one.stored().side() == leaving ? source : target;
            Optional<Long> stored = one.quick() ? one.outermost(where) : Optional.empty();
            one.advance(target, Stream.of(one.handedOut(source), stored));
        }
    }

    /** A number in a row that a policy hides would be handed out again. */
    private static Optional<Long> stored(DataSource database, HandOver one) {
        try {
            return CanonicalTransaction.in(
                    database, Limits.READING, connection -> one.outermost(Databases.dsl(connection)));
        } catch (SQLException e) {
            throw unknown(one.stored().relation(), e, e);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            throw unknown(one.stored().relation(), cause == null ? new SQLException(e) : cause, e);
        }
    }

    private static boolean isQuick(DSLContext database, Relation relation, Column column) {
        return database.fetchSingle(
                        LEADS_AN_INDEX, Databases.renderer().render(relation.qualifiedName()), column.name())
                .get(0, boolean.class);
    }

    /** A sequence and its direction. */
    private record Sequence(Name name, boolean upwards) {

        /** Orders numbers as the sequence reaches them. */
        Comparator<Long> order() {
            return upwards ? Comparator.naturalOrder() : Comparator.reverseOrder();
        }

        String text() {
            return Databases.renderer().render(name);
        }
    }

    /**
     * The position of a sequence.
     *
     * @param value the last number that it handed out, or the first that it will hand out
     * @param handedOut whether it has handed out {@code value}
     */
    private record Position(long value, boolean handedOut) {

        /** Tells whether a used number is still ahead of the sequence. */
        boolean isReachedBy(long number, Comparator<Long> order) {
            int comparison = order.compare(number, value);
            return handedOut ? comparison > 0 : comparison >= 0;
        }
    }

    /** The column with the numbers that are already stored. */
    private record Stored(Relation relation, Column column, Side side) {}

    /**
     * One column.
     *
     * @param last the sequence behind the column of the side that the authority leaves
     * @param next the sequence that is to continue
     * @param quick whether the last stored number can be found without reading the table
     */
    private record HandOver(Optional<Sequence> last, Stored stored, Relation to, Sequence next, boolean quick) {

        Optional<Long> handedOut(DSLContext source) {
            return last.map(one -> position(source, one))
                    .filter(Position::handedOut)
                    .map(Position::value);
        }

        /** Returns the stored number that the sequence would reach last. */
        Optional<Long> outermost(DSLContext database) {
            if (!COUNTED.contains(stored.column().base())) {
                return Optional.empty();
            }
            Field<Long> number = field(name(stored.column().name()), Long.class);
            return database.select(next.upwards() ? max(number) : min(number))
                    .from(stored.relation().toTable())
                    .fetchOptional(row -> row.value1());
        }

        void advance(DSLContext target, Stream<Optional<Long>> reached) {
            reached.flatMap(Optional::stream)
                    .max(next.order())
                    .filter(one -> position(target, next).isReachedBy(one, next.order()))
                    .ifPresent(one -> SequenceHandOver.advance(target, next, one, to));
        }
    }

    private static void advance(DSLContext target, Sequence sequence, long reached, Relation table) {
        try {
            target.fetch("select setval(to_regclass(?), ?)", sequence.text(), reached);
        } catch (DataAccessException e) {
            throw new RefusedException(
                    "The sequence %s cannot go on after %s, which the other side has reached, so that numbers generated for %s would repeat. The server said: %s %s"
                            .formatted(
                                    sequence.text(),
                                    reached,
                                    table,
                                    ServerMessage.sentence(ServerMessage.of(e)),
                                    remedy(e, sequence)));
        }
    }

    private static String remedy(DataAccessException failure, Sequence sequence) {
        return FailureClass.sqlState(failure).equals(SqlState.INSUFFICIENT_PRIVILEGE)
                ? "GRANT UPDATE ON SEQUENCE %s to the login that moves the stage, and run the same command again."
                        .formatted(sequence.text())
                : "Give the sequence, and its column, a wider type.";
    }

    private static Position position(DSLContext database, Sequence sequence) {
        return database.select(field(name("last_value"), Long.class), field(name("is_called"), Boolean.class))
                .from(table(sequence.name()))
                .fetchSingle(row -> new Position(row.value1(), row.value2()));
    }

    private static UnavailableException unknown(Relation relation, SQLException reason, Exception failure) {
        return new UnavailableException(
                "The last number of %s cannot be looked up, so that numbers might be generated once more. The server said: %s %s"
                        .formatted(
                                relation,
                                ServerMessage.sentence(ServerMessage.of(failure)),
                                CanonicalTransaction.remedy(
                                        reason, "Check the server and run the same command again.")),
                failure);
    }

    private static Optional<Sequence> sequence(DSLContext database, Relation relation, Column column) {
        String table = Databases.renderer().render(relation.qualifiedName());
        return database.fetchOptional(SEQUENCE, table, column.name())
                .map(row -> new Sequence(
                        name(row.get(0, String.class), row.get(1, String.class)), row.get(2, Long.class) > 0));
    }
}
