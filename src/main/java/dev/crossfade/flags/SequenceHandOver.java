package dev.crossfade.flags;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.control.ServerMessage;
import dev.crossfade.mapping.CanonicalTransaction;
import dev.crossfade.mapping.CanonicalTransaction.Limits;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.exception.DataAccessException;

/**
 * Keeps generated keys unique when the authority moves: the sequence behind a key column of the side that gets it goes on
 * after everything that the other side has handed out or stored. Run while no writer can write. A sequence is only ever
 * moved on, so an interrupted flip costs numbers and nothing else; one that both sides share is left alone.
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

    private final Databases databases;

    SequenceHandOver(Databases databases) {
        this.databases = databases;
    }

    /** A sequence and the direction that it counts in. */
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
     * Hands over the sequences of one entity's key.
     *
     * @throws RefusedException if a sequence of the other side cannot go on from there
     */
    void handOver(TableMapping mapping, Side leaving) {
        Relation from = mapping.relation(leaving);
        Relation to = mapping.relation(leaving.opposite());
        for (int i = 0; i < to.key().size(); i++) {
            handOver(leaving, from, from.key().get(i), to, to.key().get(i));
        }
    }

    private void handOver(Side leaving, Relation from, Column column, Relation to, Column toColumn) {
        DSLContext source = databases.dsl(leaving);
        DSLContext target = databases.dsl(leaving.opposite());
        Optional<Sequence> next = sequence(target, to, toColumn);
        Optional<Sequence> last = sequence(source, from, column);
        if (next.isEmpty() || (databases.areShared() && last.equals(next))) {
            return;
        }
        Optional<Long> handedOut = last.map(one -> lastValue(source, one));
        Optional<Long> stored =
                outermostKey(databases.of(leaving), from, column, next.get().upwards());
        Stream.of(handedOut, stored)
                .flatMap(Optional::stream)
                .max(next.get().order())
                .filter(reached -> next.get().order().compare(reached, lastValue(target, next.get())) > 0)
                .ifPresent(reached -> advance(target, next.get(), reached, to));
    }

    private static void advance(DSLContext target, Sequence sequence, long reached, Relation table) {
        try {
            target.fetch("select setval(to_regclass(?), ?)", sequence.text(), reached);
        } catch (DataAccessException e) {
            throw new RefusedException(
                    "The sequence %s cannot go on after %d, which the other side has reached, so that keys generated for %s would repeat. The server said: %s Give the sequence, and its column, a wider type."
                            .formatted(sequence.text(), reached, table, ServerMessage.of(e)));
        }
    }

    private static long lastValue(DSLContext database, Sequence sequence) {
        return database.select(field(name("last_value"), Long.class))
                .from(table(sequence.name()))
                .fetchSingle()
                .value1();
    }

    /** Returns the stored key that a sequence in some direction would reach last. */
    private static Optional<Long> outermostKey(DataSource database, Relation relation, Column column, boolean upwards) {
        if (!COUNTED.contains(column.type())) {
            return Optional.empty();
        }
        Field<Long> key = field(name(column.name()), Long.class);
        try {
            // A key that is hidden from the login would be handed out once more.
            return CanonicalTransaction.in(
                    database,
                    Limits.READING,
                    connection -> Databases.dsl(connection)
                            .select(upwards ? max(key) : min(key))
                            .from(relation.toTable())
                            .fetchOptional(row -> row.value1()));
        } catch (SQLException e) {
            throw unknown(relation, e, e);
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            throw unknown(relation, cause == null ? new SQLException(e) : cause, e);
        }
    }

    private static UnavailableException unknown(Relation relation, SQLException reason, Exception failure) {
        return new UnavailableException(
                "The last key of %s cannot be looked up, so that keys might be generated once more. The server said: %s %s"
                        .formatted(
                                relation,
                                ServerMessage.of(failure),
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
