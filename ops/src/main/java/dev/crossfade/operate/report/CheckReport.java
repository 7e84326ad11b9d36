package dev.crossfade.operate.report;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.LocatedFinding;
import dev.crossfade.mappingfile.TriedReport;
import dev.crossfade.model.InvalidInputException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The errors and warnings of a mapping file.
 *
 * @param errors how many findings make a mapping unusable
 * @param warnings how many findings somebody should look at
 * @param entities the entities that were checked
 * @param contracted the entities that were not checked, as they have no legacy side any more
 * @param findings errors first, each kind in the order of the file's lines
 * @param trials how many rows were written to each side as a trial
 */
public record CheckReport(
        String file,
        int errors,
        int warnings,
        List<String> entities,
        List<String> contracted,
        List<Found> findings,
        List<Trial> trials) {

    /** A finding. */
    public record Found(String severity, int line, String path, String problem, String remedy) {

        public static Found of(LocatedFinding located) {
            return new Found(
                    located.finding().isError() ? "error" : "warning",
                    located.line(),
                    located.finding().path(),
                    located.finding().problem(),
                    located.finding().remedy());
        }

        public boolean isError() {
            return severity.equals("error");
        }
    }

    /**
     * A trial.
     *
     * @param mirror the side that was written
     * @param untried rows that were not tried: locked, refused by the other side, or no time was left
     */
    public record Trial(String entity, String mirror, int rows, int untried) {}

    /**
     * Returns the report about some entities; if none is named, about all and the file itself.
     *
     * @param contracted the entities that are not checked any more
     * @throws InvalidInputException if one is not in the file
     */
    public static CheckReport of(TriedReport report, List<String> wanted, Set<String> contracted) {
        List<LocatedFinding> all = Stream.of(
                        report.declared().errors(), report.declared().warnings(), report.found())
                .flatMap(List::stream)
                .toList();
        Set<String> declared = report.declared().mappings().stream()
                .map(TableMapping::entity)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> unknown = wanted.stream()
                .filter(entity -> !declared.contains(entity)
                        && !contracted.contains(entity)
                        && all.stream().noneMatch(finding -> finding.isAbout(entity)))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            throw new InvalidInputException("There is no entity %s in %s. The entities are: %s."
                    .formatted(
                            unknown.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")),
                            report.declared().file(),
                            declared.isEmpty() ? "none" : String.join(", ", declared)));
        }
        List<Found> findings = all.stream()
                .filter(finding -> wanted.isEmpty() || wanted.stream().anyMatch(finding::isAbout))
                .map(Found::of)
                .distinct()
                .sorted(Comparator.comparing(finding -> !finding.isError()))
                .toList();
        int errors = (int) findings.stream().filter(Found::isError).count();
        return new CheckReport(
                report.declared().file(),
                errors,
                findings.size() - errors,
                wanted.isEmpty()
                        ? List.copyOf(declared)
                        : wanted.stream()
                                .distinct()
                                .filter(entity -> !contracted.contains(entity))
                                .toList(),
                contracted.stream()
                        .filter(entity -> wanted.isEmpty() || wanted.contains(entity))
                        .sorted()
                        .toList(),
                findings,
                report.trials().stream()
                        .filter(trial -> wanted.isEmpty() || wanted.contains(trial.entity()))
                        .map(trial -> new Trial(trial.entity(), trial.mirror().label(), trial.rows(), trial.untried()))
                        .toList());
    }
}
