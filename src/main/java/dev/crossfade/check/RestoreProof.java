package dev.crossfade.check;

import dev.crossfade.check.RoundTripCheck.Compared;
import dev.crossfade.check.SourceRow.Sample;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Name;

/**
 * Proves the way back on existing rows: every legacy column that needs a value has a restore expression, and
 * projecting a row, restoring and projecting again gives the same modern row. This law keeps the modern side as it is
 * when it takes over; the legacy row need not come back unchanged, because a mapping may normalise.
 *
 * <p>It examines some rows at either end of the table, by key, so that its time is bounded whatever the table's size;
 * a query that takes longer than 10 s proves nothing. It changes nothing. Thread-safe.
 */
public final class RestoreProof {

    private final Databases databases;

    /** Creates the proof for mappings between these databases. */
    public RestoreProof(Databases databases) {
        this.databases = databases;
    }

    /**
     * How a proof ended.
     *
     * @param rows how many rows were examined
     * @param whole whether those were all rows
     * @param findings the findings against it; it is proven if there are none
     */
    public record Outcome(long rows, boolean whole, List<Finding> findings) {

        /** Tells whether there are no findings. */
        public boolean isProven() {
            return findings.isEmpty();
        }
    }

    /**
     * Proves the way back of one mapping.
     *
     * @param rows how many rows at either end of the legacy table to examine
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public Outcome prove(TableMapping mapping, int rows) {
        LiveMapping live = live(mapping);
        List<Finding> errors = new ArrayList<>();
        live.sides().stream()
                .filter(side -> live.table(side).isEmpty())
                .forEach(side -> errors.add(Finding.error(
                        live.path(side.label()),
                        "There is no table %s.".formatted(mapping.relation(side)),
                        "Create it, or correct the mapping.")));
        errors.addAll(new StructureCheck(live).findings());
        MappingReads reads = Objects.requireNonNull(
                MappingReads.ask(databases, List.of(live)).get(live));
        errors.addAll(new RoleCheck(live, reads).findings());
        errors.removeIf(finding -> !finding.isError());
        return errors.isEmpty() ? compare(live, rows) : new Outcome(0, false, errors);
    }

    private Outcome compare(LiveMapping live, int rows) {
        try (Probes probes = Probes.open(databases)) {
            Compared first = new RoundTripCheck(live, probes.legacy(), new Sample(rows, false)).compare();
            if (first.rows() < rows || !first.findings().isEmpty()) {
                return new Outcome(first.rows(), first.findings().isEmpty(), first.findings());
            }
            Compared last = new RoundTripCheck(live, probes.legacy(), new Sample(rows, true)).compare();
            return new Outcome(first.rows() + last.rows(), false, last.findings());
        }
    }

    private LiveMapping live(TableMapping mapping) {
        List<Name> legacy = List.of(mapping.legacy().qualifiedName());
        List<Name> modern = mapping.kind() == TableMapping.Kind.TABLE
                ? List.of(mapping.modern().qualifiedName())
                : List.of();
        Catalogs catalogs = Catalogs.read(databases, legacy, modern);
        return new LiveMapping(mapping, catalogs.table(mapping, Side.LEGACY), catalogs.table(mapping, Side.MODERN));
    }
}
