package dev.crossfade.lossy;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.ServerMessage.Raised;
import java.sql.SQLException;
import java.util.List;

/**
 * A save was refused because the legacy side, which decides, would change its values. Nothing was stored; a
 * surrounding transaction must be rolled back, as after every failed statement.
 */
public final class LossyWriteException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    /** The separator between the parts of the server's message: chr(31). */
    private static final String SEPARATOR = "\u001f";

    private final String entity;
    private final List<String> key;
    private final List<String> columns;

    LossyWriteException(String entity, List<String> key, List<String> columns, Throwable cause) {
        super(
                "The record %s of %s was not saved: the legacy side decides, and would change what was given for %s. Give a value that restore and project bring back, correct the mapping, or allow it: see \"Written as given\" in docs/guide.md."
                        .formatted(key, entity, String.join(", ", columns)),
                cause);
        this.entity = entity;
        this.key = List.copyOf(key);
        this.columns = List.copyOf(columns);
    }

    /** Creates it from the server's refusal, which names key and columns. */
    public static LossyWriteException of(String entity, SQLException refusal) {
        Raised raised = ServerMessage.raised(refusal);
        return new LossyWriteException(entity, parts(raised.detail()), parts(raised.column()), refusal);
    }

    private static List<String> parts(String joined) {
        return List.of(joined.split(SEPARATOR, -1));
    }

    /** Returns the entity. */
    public String entity() {
        return entity;
    }

    /** Returns the record's key, as the legacy side spells it. */
    public List<String> key() {
        return key;
    }

    /** Returns the modern columns whose value would have changed. */
    public List<String> columns() {
        return columns;
    }
}
