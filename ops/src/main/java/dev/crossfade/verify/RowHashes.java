package dev.crossfade.verify;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record3;
import org.jooq.Select;
import org.jooq.Table;

/**
 * Two 64-bit hashes of a row on either side, of its key and of all of it, in the form in which the sides are compared:
 * two rows that the comparison takes for equal have the same ones. The rows of a range fall into buckets by their
 * keys' hashes, so that one query tells which few rows to look at where something differs.
 *
 * @param projected of a legacy row, as the modern table keeps it
 * @param stored of a modern row
 */
record RowHashes(Hashes projected, Hashes stored) {

    static final String BUCKET = "crossfade_bucket";
    static final String ROWS = "crossfade_rows";
    static final String HASH = "crossfade_hash";

    private static final String HASHED = "crossfade_hashed";

    /** How many buckets a range has, a power of two. */
    private static final int BUCKETS = 1024;

    /** The hashes of a row of one side. */
    record Hashes(Field<Long> ofKey, Field<Long> ofRow) {

        /** Returns the number of the row's bucket. */
        Field<Integer> bucket() {
            return field("cast({0} & {1} as integer)", Integer.class, ofKey, inline(BUCKETS - 1));
        }
    }

    /** The rows of a bucket: how many, and the XOR of their hashes. */
    record Bucket(int rows, long hash) {}

    /**
     * One value of each type whose hash a server computes from the value itself; every other type is hashed as text.
     * The server's encoding counts, as it decides what the bytes of a text are.
     */
    private static final String SAMPLE = """
            select current_setting('server_encoding') || ' ' || hashint4extended(0, hash_record_extended(row(
                cast(1 as smallint), cast(-2 as integer), int8send(3000000000), true, cast(null as integer),
                cast('00112233-4455-6677-8899-aabbccddeeff' as uuid), cast('2001-02-03' as date),
                timestamp_send(cast('2001-02-03 04:05:06.789' as timestamp)),
                timestamptz_send(cast('2001-02-03 04:05:06.789+00' as timestamptz)),
                cast('\\x00ff' as bytea), cast('Ada Lovelace' as text) collate "C"), 0))
            """;

    /** Bytes of an unknown encoding are taken as they are. */
    private static final Field<String> COMMON_ENCODING =
            field("case getdatabaseencoding() when 'SQL_ASCII' then 'SQL_ASCII' else 'UTF8' end", String.class);

    /** Returns hashes that the server makes of whole records: about as fast as the rows are read. */
    static RowHashes ofRecords(Projection projection) {
        List<Column> columns = projection.targetColumns();
        List<Field<Object>> kept = projection.keptValues();
        List<Field<?>> projected = new ArrayList<>();
        List<Field<?>> stored = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            projected.add(projection.hashable(i, kept.get(i)));
            stored.add(projection.hashable(i, projection.target().field(columns.get(i))));
        }
        int keyWidth = projection.source().key().size();
        return new RowHashes(
                new Hashes(ofRecord(projected.subList(0, keyWidth)), ofRecord(projected)),
                new Hashes(ofRecord(stored.subList(0, keyWidth)), ofRecord(stored)));
    }

    /**
     * Returns hashes of canonical texts, in which NULL and the empty text differ: the same on every server, whatever
     * its version and encoding.
     */
    static RowHashes ofTexts(Projection projection) {
        int keyWidth = projection.source().key().size();
        List<Field<String>> projected = projection.comparableTexts(projection.keptValues());
        List<Field<String>> stored = projection.comparableTexts(projection.targetColumns().stream()
                .map(projection.target()::field)
                .toList());
        return new RowHashes(
                new Hashes(ofText(projected.subList(0, keyWidth)), ofText(projected)),
                new Hashes(ofText(stored.subList(0, keyWidth)), ofText(stored)));
    }

    /**
     * A record's hash is a sum over its columns, so that the same change in two rows would often change both hashes in
     * the same bits, which an XOR does not see. Hashed again, as the 64-bit seed of a constant, they have nothing in
     * common.
     */
    private static Field<Long> ofRecord(List<Field<?>> values) {
        return field("hashint4extended(0, hash_record_extended(row({0}), 0))", Long.class, list(values));
    }

    private static Field<Long> ofText(List<Field<String>> texts) {
        return field(
                "cast(cast('x' || encode(substr(sha256(convert_to(cast(row({0}) as text), {1})), 1, 8), 'hex')"
                        + " as bit(64)) as bigint)",
                Long.class, list(texts), COMMON_ENCODING);
    }

    /** Tells whether a server makes hashes of records; PostgreSQL does from version 14. */
    static boolean areOfRecords(DSLContext database) {
        return Boolean.TRUE.equals(database.fetchValue(
                "select to_regprocedure('pg_catalog.hash_record_extended(record, bigint)') is not null"));
    }

    /** Tells whether both sides' servers make the same hash of the same record, tried on a row of every type. */
    static boolean areAlike(SideReader sides) {
        Optional<String> legacy = sides.ask(Side.LEGACY, RowHashes::sample);
        return legacy.isPresent() && legacy.equals(sides.ask(Side.MODERN, RowHashes::sample));
    }

    private static Optional<String> sample(DSLContext database) {
        return areOfRecords(database)
                ? Optional.ofNullable(database.fetchSingle(SAMPLE).get(0, String.class))
                : Optional.empty();
    }

    /**
     * Returns a query for the buckets of a range that have rows: number, rows, and the XOR of their hashes. The inner
     * query is a barrier to the planner, which would take each key for a bucket of its own, and sort.
     */
    static Select<Record3<Integer, Integer, Long>> buckets(
            DSLContext database, Relation relation, KeyRange range, Hashes hashes) {
        Table<?> rows = database.select(
                        hashes.bucket().as(BUCKET), hashes.ofRow().as(HASH))
                .from(relation.aliased())
                .where(range.covers(relation))
                .offset(inline(0))
                .asTable(HASHED);
        Field<Integer> bucket = field(name(HASHED, BUCKET), Integer.class);
        return database.select(
                        bucket.as(BUCKET),
                        count().as(ROWS),
                        field("bit_xor({0})", Long.class, field(name(HASHED, HASH)))
                                .as(HASH))
                .from(rows)
                .groupBy(bucket);
    }
}
