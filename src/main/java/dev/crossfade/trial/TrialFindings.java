package dev.crossfade.trial;

import dev.crossfade.check.Finding;
import dev.crossfade.check.LiveMapping;
import dev.crossfade.check.LiveTable.ForeignKey;
import dev.crossfade.check.TableHooks;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Collects the findings of a trial, one for each column or rule, without any value. Not thread-safe. */
final class TrialFindings {

    private static final Set<String> NOT_UNIQUE = Set.of(SqlState.UNIQUE_VIOLATION, SqlState.EXCLUSION_VIOLATION);
    /** SQLSTATE classes about the session, the server or another transaction; they say nothing about the row. */
    private static final Set<String> PASSING = Set.of("08", "25", "40", "53", "55", "57", "58");

    /** SQLSTATE classes about this row alone: similar rows may be accepted. */
    private static final Set<String> ABOUT_THE_ROW =
            Set.of("20", "21", "22", "23", "27", "2F", "38", "39", "44", "54", "P0");

    private final LiveMapping live;
    private final Projection projection;
    private final TableHooks hooks;
    private final List<TableMapping> all;
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private final Set<String> beside = new LinkedHashSet<>();
    private int count;

    TrialFindings(LiveMapping live, Projection projection, TableHooks hooks, List<TableMapping> all) {
        this.live = live;
        this.projection = projection;
        this.hooks = hooks;
        this.all = all;
    }

    /** Returns how often something was found, counting repetitions. */
    int count() {
        return count;
    }

    /** Returns the findings, without repetitions. */
    List<Finding> findings() {
        List<Finding> told = new ArrayList<>(findings.values());
        if (!beside.isEmpty()) {
            told.add(changedBeside());
        }
        if (hooks.secured()) {
            told.add(secured());
        }
        return told;
    }

    private Side mirror() {
        return projection.authority().opposite();
    }

    private String table() {
        return "the %s table %s".formatted(mirror().label(), projection.target());
    }

    private String tablePath() {
        return live.path(live.inPlace() ? "table" : mirror().label());
    }

    private void note(String about, Finding finding) {
        count++;
        findings.putIfAbsent(about, finding);
    }

    /** Reports that a mirror column, given by its place among the written ones, has another value than was written. */
    void different(int place, @Nullable String given, @Nullable String stored) {
        Column column = projection.targetColumns().get(place);
        int width = projection.target().key().size();
        String path = place < width
                ? live.path(
                        "key", projection.mapping().legacy().key().get(place).name())
                : live.path(LiveMapping.section(mirror()), column.name());
        note(
                "different " + column.name(),
                Finding.error(
                        path,
                        "%s does not keep what the mirror writes: the column '%s' (%s) was given %s and has %s."
                                        .formatted(
                                                capital(table()),
                                                column.name(),
                                                column.type(),
                                                redacted(given),
                                                redacted(stored, given))
                                + hooks.named(),
                        hooks.remedy(
                                projection.target().toString(),
                                "Give the column a type that takes what the expression says, or convert it in the expression.")));
    }

    /** Reports that a modern value does not come back from the legacy row that was made from it. */
    void notGivenBack(Column column, @Nullable String given, @Nullable String back) {
        findings.putIfAbsent(
                "back " + column.name(),
                Finding.warning(
                        live.path("project", column.name()),
                        "The way back does not carry every value of '%s' that the modern table admits: a row with %s comes back with %s."
                                .formatted(column.name(), redacted(given), redacted(back, given)),
                        "Let restore and project carry such values, or keep them out with a check constraint; what a service saves of them is listed by `crossfade lossy`."));
    }

    /** Reports that the mirror row is missing after it was written. */
    void absent() {
        note(
                "absent",
                Finding.error(
                        tablePath(),
                        "%s does not keep rows that the mirror writes: a row was written, and is not there."
                                        .formatted(capital(table()))
                                + hooks.named(),
                        hooks.remedy(
                                projection.target().toString(),
                                "Find what turns inserted rows away; a policy of row-level security may hide them.")));
    }

    /** Reports that the mirror's statement changed a column of the same row that it does not write. */
    void changedBeside(String column) {
        count++;
        beside.add(column);
    }

    private Finding changedBeside() {
        Set<String> mapped = new LinkedHashSet<>();
        projection.source().allColumns().forEach(column -> mapped.add(column.name()));
        boolean harmful = beside.stream().anyMatch(mapped::contains);
        String problem =
                "Writing the %s columns of %s changes other columns of the row: %s. The backfill and every repair do that to every row they write."
                                .formatted(mirror().label(), projection.target(), String.join(", ", beside))
                        + hooks.named();
        String remedy = hooks.remedy(projection.target().toString(), "Find what changes them.");
        return harmful ? Finding.error(tablePath(), problem, remedy) : Finding.warning(tablePath(), problem, remedy);
    }

    private Finding secured() {
        return Finding.warning(
                tablePath(),
                "Row-level security is on for %s (policies: %s): it may hide rows of the mirror from Crossfade, or turn them away."
                        .formatted(table(), hooks.policies().isEmpty() ? "none" : String.join(", ", hooks.policies())),
                "Give the logins of the service and of the worker BYPASSRLS, or let them own the table without FORCE ROW LEVEL SECURITY.");
    }

    /**
     * Reports that the server refused a row.
     *
     * @return whether the row was tried: a lock, or a failing server, says nothing about it
     */
    boolean refused(SQLException refusal) {
        String state = SqlState.of(refusal);
        if (passes(refusal, state) || NOT_UNIQUE.contains(state) || waitsForParent(refusal, state)) {
            return false;
        }
        String said = "%s (SQLSTATE %s)".formatted(ServerMessage.withoutValues(refusal), state);
        if (isAboutTheRow(refusal, state)) {
            note(
                    "refused " + said,
                    Finding.warning(
                            tablePath(),
                            "%s refuses rows that the %s side admits; they would be missed writes: %s."
                                            .formatted(
                                                    capital(table()),
                                                    projection.authority().label(),
                                                    said)
                                    + (state.startsWith("P0") ? hooks.named() : ""),
                            state.startsWith("P0")
                                    ? hooks.remedy(projection.target().toString(), "Change what raises it.")
                                    : "Let %s take them, or give the %s table the same rule, or see that no such row is written."
                                            .formatted(
                                                    table(),
                                                    projection.authority().label())));
        } else {
            note(
                    "refused " + said,
                    Finding.error(
                            tablePath(),
                            "%s takes no row of the mirror: %s.".formatted(capital(table()), said) + hooks.named(),
                            hooks.remedy(
                                    projection.target().toString(),
                                    "Grant the login what a service needs (USAGE on the schema; SELECT, INSERT, UPDATE and DELETE on the table), or remove what is in the way.")));
        }
        return true;
    }

    /** Reports that a row that the authoritative side accepts cannot be projected. */
    boolean unprojectable(SQLException refusal) {
        String state = SqlState.of(refusal);
        if (isPassing(state)) {
            return false;
        }
        String said = "%s (SQLSTATE %s)".formatted(ServerMessage.withoutValues(refusal), state);
        String path = live.path(LiveMapping.section(mirror()));
        String side = projection.authority().label();
        note(
                "unprojectable " + said,
                isAboutTheRow(refusal, state)
                        ? Finding.warning(
                                path,
                                "An expression fails on rows that the %s side admits; they would be missed writes: %s."
                                        .formatted(side, said),
                                "Let the expression give a value for every row, or give the %s table a rule that keeps such rows out."
                                        .formatted(side))
                        : Finding.error(
                                path,
                                "No row of the %s side can be mapped: %s.".formatted(side, said),
                                "Correct what the server names, or the expression that uses it."));
        return true;
    }

    /** Rows of another entity come first; the backfill takes care of them. */
    private boolean waitsForParent(SQLException refusal, String state) {
        if (!state.equals(SqlState.FOREIGN_KEY_VIOLATION)) {
            return false;
        }
        return ServerMessage.foreignKey(refusal)
                .flatMap(broken -> live.table(mirror()).stream()
                        .flatMap(table -> table.foreignKeys().stream())
                        .filter(key -> key.name().equals(broken.constraint()))
                        .findFirst())
                .map(this::refersToMapped)
                .orElse(false);
    }

    private boolean refersToMapped(ForeignKey key) {
        return all.stream()
                .map(mapping -> mapping.relation(mirror()))
                .anyMatch(relation ->
                        DSL.name(relation.schema(), relation.table()).equals(key.referenced()));
    }

    private static boolean isAboutTheRow(SQLException refusal, String state) {
        return ABOUT_THE_ROW.contains(state.substring(0, 2)) || ServerMessage.isUnconvertible(refusal);
    }

    /** What a trigger raises does not pass, whatever it calls it. */
    private static boolean passes(SQLException refusal, String state) {
        return isPassing(state) && !ServerMessage.isRaised(refusal);
    }

    private static boolean isPassing(String state) {
        return state.length() < 5 || PASSING.contains(state.substring(0, 2));
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String redacted(@Nullable String value) {
        return value == null ? "null" : "a value of %s characters".formatted(value.codePointCount(0, value.length()));
    }

    private static String redacted(@Nullable String stored, @Nullable String given) {
        String text = redacted(stored);
        return text.equals(redacted(given)) ? "another one of the same length" : text;
    }
}
