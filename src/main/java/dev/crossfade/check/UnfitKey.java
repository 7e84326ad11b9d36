package dev.crossfade.check;

import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyTypes;
import java.util.Optional;

/**
 * Why a live column cannot be a key.
 *
 * @param reason completes the sentence "The column is of such a type, which …"
 * @param remedy what to do
 */
record UnfitKey(String reason, String remedy) {

    private static final String ANOTHER_COLUMN = "Use another unique column as the key.";

    /** Returns why a column cannot be a key, empty if it can. */
    static Optional<UnfitKey> of(LiveColumn live) {
        if (!live.deterministic()) {
            return Optional.of(new UnfitKey(
                    "has a collation in which different texts are equal, so that one key has several spellings",
                    "Give it a deterministic collation on both sides, or declare it as citext on both."));
        }
        return KeyTypes.unfit(live.column())
                .map(reason -> new UnfitKey(reason, ANOTHER_COLUMN))
                .or(() -> live.column().isRange() ? Optional.empty() : ofParts(live));
    }

    private static Optional<UnfitKey> ofParts(LiveColumn live) {
        return live.parts().stream()
                .filter(part -> !part.equals(live.column().base()))
                .map(part -> within(new Column(live.name(), part)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<UnfitKey> within(Column part) {
        String reason = "contains %s, so that one key may have several spellings".formatted(part.type());
        if (KeyTypes.unfit(part).isPresent()) {
            return Optional.of(new UnfitKey(reason, ANOTHER_COLUMN));
        }
        return KeyTypes.isCanonicalAlone(part)
                ? Optional.of(new UnfitKey(
                        reason,
                        "Declare the column as %s itself, or use another unique column as the key."
                                .formatted(part.type())))
                : Optional.empty();
    }
}
