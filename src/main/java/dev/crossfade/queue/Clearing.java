package dev.crossfade.queue;

import dev.crossfade.queue.MissedWrites.Claim;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.DSLContext;

/** Forgets many missed writes at once. A condition for each of them would take longer to plan than to run. */
final class Clearing {

    private Clearing() {}

    /** Forgets the claimed keys, except those that were missed again since. */
    static void forget(DSLContext control, String entity, Collection<Claim> claims) {
        Map<Integer, List<Claim>> byWidth = claims.stream()
                .collect(Collectors.groupingBy(claim -> claim.key().values().size()));
        byWidth.forEach((width, those) -> {
            List<Object> values = new ArrayList<>(
                    List.of(TextStatement.arrays(those.stream().map(Claim::key).toList())));
            values.add(
                    those.stream().map(claim -> claim.lastMissedAt().toString()).toArray(String[]::new));
            values.add(entity);
            control.connection(connection -> statement(width).update(connection, values.toArray()));
        });
    }

    /** Binds an array for each column of the key, the times, the entity. */
    private static TextStatement statement(int width) {
        String arrays = String.join(", ", Collections.nCopies(width + 1, "cast(? as text[])"));
        String columns =
                IntStream.rangeClosed(1, width).mapToObj(i -> "key_" + i).collect(Collectors.joining(", "));
        return new TextStatement("""
                delete from crossfade.missed_write as missed
                using unnest(%s) as cleared (%s, missed_at)
                where missed.entity = cast(? as text) and missed.key = array[%s]
                    and missed.last_missed_at = cast(cleared.missed_at as timestamptz)
                """.formatted(arrays, columns, columns));
    }
}
