package dev.crossfade.backfill;

import static dev.crossfade.sql.TextStatement.arrays;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Copies in place: sets the new columns of each row from the legacy columns of the same table. */
final class InPlaceCopy implements BatchCopy {

    private final Relation source;
    private final TextStatement project;

    InPlaceCopy(Projection projection) {
        this.source = projection.source();
        this.project = new ProjectionSql(projection).mirrorPresent();
    }

    @Override
    public Optional<Copied> copy(Connection legacy, KeyRange range, BatchSize size, StandingHold hold)
            throws SQLException {
        hold.beforeMirroring(legacy);
        if (size.isOneRow()) {
            BatchCopy.await(legacy, BatchCopy.first(legacy, range, source).forNoKeyUpdate());
        }
        List<Field<String>> keyTexts = source.keyTexts();
        List<RecordKey> keys = Databases.dsl(legacy)
                .select(keyTexts)
                .from(source.aliased())
                .where(range.covers(source))
                .orderBy(source.keyFields())
                .limit(size.rows())
                .forNoKeyUpdate()
                .of(DSL.table(DSL.name(source.table())))
                .fetch(row -> new RecordKey(keyTexts.stream().map(row::get).toList()));
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        CHECK_AT_ONCE.query(legacy, row -> 0);
        return Optional.of(new Copied(keys.getLast(), keys.size(), project.update(legacy, arrays(keys))));
    }
}
