package dev.crossfade.gate;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.crossfade.flags.Gate;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Requires that no recent save has lost a value by the present mapping: the legacy side gives back what a service
 * writes. Values that are equal and only spelled differently do not count.
 */
final class WrittenAsGiven implements Gate {

    private static final Field<OffsetDateTime> CHANGED = field(DSL.name("changed_at"), OffsetDateTime.class);

    private final DSLContext control;
    private final Mappings mappings;
    private final Duration window;

    /**
     * Creates the gate.
     *
     * @param window how far back saves count
     */
    WrittenAsGiven(DSLContext control, Mappings mappings, Duration window) {
        this.control = control;
        this.mappings = mappings;
        this.window = window;
    }

    private record Lately(int keys, @Nullable OffsetDateTime last) {}

    @Override
    public String name() {
        return "written as given";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ)
                && !step.isFromTo(Stage.MODERN_READ, Stage.MODERN_PRIMARY)) {
            return new NotConcerned();
        }
        String required = "no save within %s whose values the legacy side has changed".formatted(DurationText.of(window));
        Lately lately = lately(step.entity());
        if (lately.keys() == 0) {
            return new Open("0 keys were saved with a loss", required);
        }
        return new Closed(
                "%s keys were saved with a loss, the last at %s".formatted(lately.keys(), lately.last()),
                required,
                "See `crossfade lossy %s` for keys and columns. Correct the mapping, or what the service writes; then `crossfade lossy %s --forget`."
                        .formatted(step.entity(), step.entity()));
    }

    private Lately lately(String entity) {
        Optional<String> fingerprint = mappings.find(entity).map(TableMapping::fingerprint);
        return control.select(count(), max(CHANGED))
                .from(table(DSL.name("crossfade", "lossy_write")))
                .where(field(DSL.name("entity"), String.class).eq(entity))
                .and(fingerprint
                        .map(now -> field(DSL.name("mapping"), String.class).eq(now))
                        .orElse(noCondition()))
                .and(CHANGED.ge(field(
                        "now() - make_interval(secs => {0})", OffsetDateTime.class, val(window.toMillis() / 1000.0))))
                .fetchSingle(row -> new Lately(row.value1(), row.value2()));
    }
}
