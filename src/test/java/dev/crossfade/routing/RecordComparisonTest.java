package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.RecordComparison.Look;
import dev.crossfade.shadow.FieldDifference;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowMismatch;
import dev.crossfade.sql.Redaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordComparisonTest {

    private static final Look LOOK = new Look(Pairing.LEGACY_WITH_MODERN, "page");

    private final RecordComparison<Photo, Long> comparison =
            new RecordComparison<>(PhotoType.INSTANCE, ShadowSettings.DEFAULTS, new Redaction());

    private record Photo(long id, byte @Nullable [] bytes) {}

    private enum PhotoType implements EntityType<Photo, Long> {
        INSTANCE;

        private static final TableMapping MAPPING = TableMapping.table("photo")
                .legacy("legacy", "photos")
                .modern("modern", "photos")
                .key(new Column("id", "bigint"), new Column("id", "bigint"))
                .project(new Column("bytes", "bytea"), "bytes")
                .build();

        @Override
        public TableMapping mapping() {
            return MAPPING;
        }

        @Override
        public List<Field<?>> fields() {
            return List.of(DSL.field(DSL.name("id"), Long.class), DSL.field(DSL.name("bytes"), byte[].class));
        }

        @Override
        public Photo fromRow(Record row) {
            return new Photo(row.get(0, Long.class), row.get(1, byte[].class));
        }

        @Override
        public List<@Nullable Object> values(Photo photo) {
            return Arrays.asList(photo.id(), photo.bytes());
        }

        @Override
        public List<Object> keyValues(Long key) {
            return List.of(key);
        }

        @Override
        public Long key(Photo photo) {
            return photo.id();
        }
    }

    @Test
    void arraysAreEqualWhenTheirContentsAre() {
        assertThat(comparison.ofKey(LOOK, 1L, photo(1, 1, 2), photo(1, 1, 2))).isEmpty();
        assertThat(comparison.ofKey(LOOK, 1L, photo(1, 1, 2), photo(1, 1, 3))).hasSize(1);
        assertThat(comparison.ofAny(LOOK, photo(1, 1, 2), photo(1, 1, 2))).isEmpty();
    }

    @Test
    void aRecordThatOneSideLacksIsNamed() {
        assertThat(comparison.ofKey(LOOK, 1L, photo(1, 1), Optional.empty()))
                .flatExtracting(ShadowMismatch::fields)
                .containsExactly(new FieldDifference(FieldDifference.RECORD, "present", "absent"));
        assertThat(comparison.ofKey(LOOK, 1L, Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void theOrderOfAPageCountsAndThatOfASetOfKeysDoesNot() {
        List<Photo> page = List.of(new Photo(1, null), new Photo(2, null));
        List<Photo> turned = new ArrayList<>(page).reversed();

        assertThat(comparison.ofMany(LOOK, true, page, turned))
                .flatExtracting(ShadowMismatch::fields)
                .extracting(FieldDifference::field)
                .containsExactly(FieldDifference.ORDER);
        assertThat(comparison.ofMany(LOOK, false, page, turned)).isEmpty();
    }

    @Test
    void aFinderThatAnswersWithSomethingElseIsComparedByEquality() {
        assertThat(comparison.ofAny(LOOK, Optional.of("a"), Optional.of("a"))).isEmpty();
        assertThat(comparison.ofAny(LOOK, Optional.of("a"), Optional.of("b")))
                .flatExtracting(ShadowMismatch::fields)
                .extracting(FieldDifference::field)
                .containsExactly(FieldDifference.RESULT);
        assertThat(comparison.ofAny(LOOK, 1, null)).hasSize(1);
    }

    @Test
    void redactedValuesTellApartWithoutTelling() {
        Redaction redaction = new Redaction();

        assertThat(redaction.of("secret")).isEqualTo(redaction.of("secret")).doesNotContain("secret");
        assertThat(redaction.of("secret")).isNotEqualTo(redaction.of("secreT"));
        assertThat(redaction.of("secret")).isNotEqualTo(new Redaction().of("secret"));
        assertThat(redaction.of(null)).isEqualTo("null");
    }

    private static Optional<Photo> photo(long id, int... bytes) {
        byte[] copy = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            copy[i] = (byte) bytes[i];
        }
        return Optional.of(new Photo(id, copy));
    }
}
