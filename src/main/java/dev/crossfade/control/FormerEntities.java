package dev.crossfade.control;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code crossfade.former_entity}: names of entities before they were renamed or forgotten. It
 * distinguishes a process that still uses such a name from one whose entity lost its stage by accident.
 */
public final class FormerEntities {

    private static final Table<Record> FORMER = table(name("crossfade", "former_entity"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> NAME = field(name("name"), String.class);
    private static final Field<String> RENAMED_TO = field(name("renamed_to"), String.class);
    private static final Field<String> STAGE = field(name("stage"), String.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);
    private static final Field<String> CHANGED_BY = field(name("changed_by"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final List<SelectField<?>> COLUMNS = List.of(ID, NAME, RENAMED_TO, STAGE, FINISHED_AT);

    /**
     * A change of an entity's name.
     *
     * @param name the entity's former name
     * @param renamedTo its new name, empty if it was forgotten
     * @param stage where it stood
     * @param finished whether the change is complete in both databases
     */
    public record Former(long id, String name, Optional<String> renamedTo, Stage stage, boolean finished) {

        /** Returns the command that made the change; running it again completes it. */
        public String command() {
            return renamedTo
                    .map(to -> "crossfade entity rename " + name + " " + to)
                    .orElse("crossfade entity forget " + name);
        }
    }

    private FormerEntities() {}

    /** Notes that a change begins, in the transaction that makes sure that nobody uses the entity. */
    public static void begin(DSLContext transaction, Former change, String changedBy, @Nullable String reason) {
        transaction
                .insertInto(FORMER, NAME, RENAMED_TO, STAGE, CHANGED_BY, REASON)
                .values(
                        change.name(),
                        change.renamedTo().orElse(null),
                        change.stage().name(),
                        changedBy,
                        reason)
                .execute();
    }

    /** Notes that the unfinished change of a name is done, in the transaction of its last step. */
    public static void finish(DSLContext transaction, String name) {
        transaction
                .update(FORMER)
                .set(FINISHED_AT, currentOffsetDateTime())
                .where(NAME.eq(name).and(FINISHED_AT.isNull()))
                .execute();
    }

    /** Returns the changes that were interrupted. */
    public static List<Former> unfinished(DSLContext control) {
        return select(control, FINISHED_AT.isNull());
    }

    /** Returns the last change of a name, empty if there was none. */
    public static Optional<Former> last(DSLContext control, String name) {
        return select(control, NAME.eq(name)).stream().findFirst();
    }

    /** Returns every change, the newest first. */
    public static List<Former> all(DSLContext control) {
        return select(control, noCondition());
    }

    /**
     * Returns the name that an entity has now: the given one if it was never changed.
     *
     * @param name a name that it has or had
     */
    public static String presentName(DSLContext control, String name) {
        String present = name;
        if (AuthorityTable.find(control, name).isEmpty()) {
            for (Former change : all(control).reversed()) {
                if (change.name().equals(present) && change.renamedTo().isPresent()) {
                    present = change.renamedTo().get();
                }
            }
        }
        return present;
    }

    /**
     * Makes sure that no change of an entity's name is unfinished.
     *
     * @throws RefusedException if a change to or from this name is unfinished
     */
    public static void requireSettled(DSLContext control, String entity) {
        unfinished(control).stream()
                .filter(change -> change.name().equals(entity)
                        || change.renamedTo().filter(entity::equals).isPresent())
                .findFirst()
                .ifPresent(change -> {
                    throw new RefusedException(
                            "`%s` was interrupted, and what one database calls '%s' may have another name in the other one. Run the same command again first."
                                    .formatted(change.command(), change.name()));
                });
    }

    private static List<Former> select(DSLContext control, Condition condition) {
        return control.select(COLUMNS)
                .from(FORMER)
                .where(condition)
                .orderBy(ID.desc())
                .fetch(FormerEntities::former);
    }

    private static Former former(Record row) {
        return new Former(
                row.get(ID),
                row.get(NAME),
                Optional.ofNullable(row.get(RENAMED_TO)),
                Stage.valueOf(row.get(STAGE)),
                row.get(FINISHED_AT) != null);
    }
}
