package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A write on a connection; returns the keys written. */
@FunctionalInterface
interface DirectWrite {
    List<RecordKey> run(Connection connection) throws SQLException;
}
