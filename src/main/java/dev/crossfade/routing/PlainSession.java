package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;

/**
 * A session on the modern database through a jOOQ context of the service; there is no other side.
 *
 * @param modern the context
 */
record PlainSession(DSLContext modern) implements SideSession {

    @Override
    public DSLContext dsl(Side side) {
        return modern;
    }

    @Override
    public List<RecordKey> writeDirectly(Side side, DirectWrite write) {
        return modern.connectionResult(connection -> {
            try {
                return write.run(connection);
            } catch (SQLException e) {
                throw new StatementException("Writing the modern side", e);
            }
        });
    }
}
