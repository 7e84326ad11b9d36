package dev.crossfade.testing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import java.util.Collection;
import java.util.List;
import org.jooq.DSLContext;

/** Intents left by a writer whose instance has died: appended without a check of the stage. */
public final class Notes {

    private Notes() {}

    /** Leaves an intent for each key in a database. */
    public static List<Intent> append(DSLContext database, String entity, Collection<RecordKey> keys) {
        return database.connectionResult(connection -> Intents.append(connection, entity, keys));
    }
}
