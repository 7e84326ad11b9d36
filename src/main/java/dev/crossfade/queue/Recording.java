package dev.crossfade.queue;

import static dev.crossfade.queue.MissedWrites.ATTEMPTS;
import static dev.crossfade.queue.MissedWrites.ENTITY;
import static dev.crossfade.queue.MissedWrites.KEY;
import static dev.crossfade.queue.MissedWrites.LAST;
import static dev.crossfade.queue.MissedWrites.MESSAGE;
import static dev.crossfade.queue.MissedWrites.MIRROR;
import static dev.crossfade.queue.MissedWrites.MISSED;
import static dev.crossfade.queue.MissedWrites.NEXT;
import static dev.crossfade.queue.MissedWrites.PARKED;
import static dev.crossfade.queue.MissedWrites.SQL_STATE;
import static dev.crossfade.queue.MissedWrites.WAITS;
import static dev.crossfade.queue.MissedWrites.unqualified;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerEncoding;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.TextStatement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The statement that records missed writes, and when they are due again. */
record Recording(RetrySettings settings) {

    private static final Field<String> PARAMETER = field("cast({0} as text)", String.class, raw("?"));

    /** Returns what the statement binds for keys with the same number of columns. */
    static Object[] values(
            String entity,
            Side mirror,
            List<RecordKey> keys,
            Map<RecordKey, ? extends Throwable> failures,
            ServerEncoding encoding) {
        List<Throwable> why = keys.stream().<Throwable>map(failures::get).toList();
        List<Object> values = new ArrayList<>(List.of(entity, mirror.name()));
        values.addAll(
                List.of(TextStatement.arrays(keys.stream().map(encoding::stored).toList())));
        values.add(texts(why, FailureClass::sqlState));
        values.add(texts(why, failure -> encoding.text(ServerMessage.withoutValues(failure))));
        values.add(texts(why, Recording::waits));
        return values.toArray();
    }

    private static String waits(Throwable failure) {
        return FailureClass.of(failure) == FailureClass.WAITS_FOR_PARENT ? "1" : "0";
    }

    private static String[] texts(List<Throwable> failures, Function<Throwable, String> text) {
        return failures.stream().map(text).toArray(String[]::new);
    }

    /**
     * Returns a statement that records keys of so many columns; one for every number of keys. Binds entity, mirror, an
     * array for each column, SQLSTATEs, messages, and for each key whether it waits, 1 or 0.
     */
    TextStatement statement(int width) {
        List<Name> columns =
                IntStream.rangeClosed(1, width).mapToObj(i -> name("key_" + i)).toList();
        List<Name> names = new ArrayList<>(columns);
        names.addAll(List.of(name("state"), name("message"), name("waited")));
        Table<?> failed = table("unnest({0})", DSL.list(Collections.nCopies(width + 3, raw("cast(? as text[])"))))
                .as(name("failed"), names.toArray(Name[]::new));
        Field<Integer> waited = field("cast({0} as integer)", Integer.class, name("failed", "waited"));
        Field<Integer> attempted = inline(1).minus(waited);
        Field<String[]> key = field(
                "array[{0}]",
                KEY.getDataType(), DSL.list(columns.stream().map(DSL::field).toList()));
        Field<Integer> attempts = ATTEMPTS.plus(excluded(unqualified(ATTEMPTS)));
        Field<Integer> waits = WAITS.plus(excluded(unqualified(WAITS)));
        DSLContext renderer = Databases.renderer();
        return new TextStatement(renderer.render(renderer.insertInto(MISSED)
                .columns(
                        unqualified(ENTITY),
                        unqualified(KEY),
                        unqualified(MIRROR),
                        unqualified(ATTEMPTS),
                        unqualified(WAITS),
                        unqualified(SQL_STATE),
                        unqualified(MESSAGE),
                        unqualified(NEXT),
                        unqualified(PARKED))
                .select(renderer.select(
                                PARAMETER,
                                key,
                                PARAMETER,
                                attempted,
                                waited,
                                field(name("failed", "state"), String.class),
                                field(name("failed", "message"), String.class),
                                pause(inline(0)),
                                field(attempted.ge(inline(settings.attempts()))))
                        .from(failed))
                .onConflict(unqualified(ENTITY), unqualified(KEY))
                .doUpdate()
                .set(unqualified(MIRROR), excluded(unqualified(MIRROR)))
                .set(unqualified(ATTEMPTS), attempts)
                .set(unqualified(WAITS), waits)
                .set(unqualified(SQL_STATE), excluded(unqualified(SQL_STATE)))
                .set(unqualified(MESSAGE), excluded(unqualified(MESSAGE)))
                .set(unqualified(LAST), currentOffsetDateTime())
                .set(unqualified(NEXT), pause(attempts.plus(waits)))
                .set(unqualified(PARKED), field(DSL.condition(PARKED).or(attempts.ge(inline(settings.attempts())))))));
    }

    /** The time after the next pause; each row has a pause of its own, so that keys that failed together part. */
    Field<OffsetDateTime> pause(Field<Integer> failures) {
        return field(
                "now() + make_interval(secs => least({0} * power(2, least({1}, 20)), {2}) * (0.8 + 0.4 * random()))",
                OffsetDateTime.class,
                inline(settings.firstPause().toMillis() / 1000.0),
                failures,
                inline(settings.longestPause().toMillis() / 1000.0));
    }
}
