package dev.crossfade.mappingfile;

import dev.crossfade.check.Finding;
import dev.crossfade.check.MappingCheck;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.MappingOrder;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.trial.TrialWrite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The file that declares how modern rows follow from legacy rows: {@code crossfade.yaml}. */
public final class MappingFile {

    /** The largest file that is read. It is a hundred times the size of a file with a hundred tables. */
    private static final int LARGEST = 1024 * 1024;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private MappingFile() {}

    /**
     * Returns the mappings that the file declares, parents first, checked against the live tables.
     *
     * @throws InvalidInputException if there are errors; the message has one line for each, with file, line, path,
     *     problem and remedy
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public static List<TableMapping> load(Path file, Databases databases) {
        MappingReport report = inspect(file, databases);
        if (!report.errors().isEmpty()) {
            throw new InvalidInputException(String.join("\n", report.errorLines()));
        }
        return report.mappings();
    }

    /**
     * Returns the mappings that the file declares and everything that is wrong or doubtful in it.
     *
     * @throws InvalidInputException if the file cannot be read at all, or is larger than 1 MiB
     * @throws dev.crossfade.model.UnavailableException if a database cannot be reached or used
     */
    public static MappingReport inspect(Path file, Databases databases) {
        return inspect(file, databases, Set.of());
    }

    /**
     * As {@link #inspect(Path, Databases)}, without contracted entities. They have no legacy side to look at, so
     * nothing is found in their declarations.
     */
    public static MappingReport inspect(Path file, Databases databases, Set<String> contracted) {
        return inspect(file, databases, contracted, new FileNotes());
    }

    /**
     * As {@link #inspect(Path, Databases, Set)}, and also tries each entity that has no errors: it writes rows to the
     * mirror, in either direction, reads them back and rolls back. An entity that cannot be tried does not keep the
     * others from it.
     */
    public static TriedReport inspectAndTry(Path file, Databases databases, Set<String> contracted) {
        FileNotes notes = new FileNotes();
        MappingReport report = inspect(file, databases, contracted, notes);
        TrialWrite trial = new TrialWrite(databases, report.mappings(), TrialWrite.THOROUGH);
        List<TriedReport.Trial> trials = new ArrayList<>();
        List<LocatedFinding> findings = new ArrayList<>();
        for (TableMapping mapping : report.mappings()) {
            if (report.errors().stream().noneMatch(error -> error.isAbout(mapping.entity()))) {
                for (Side authority : Side.values()) {
                    TrialWrite.Outcome outcome = tried(trial, mapping, authority);
                    trials.add(new TriedReport.Trial(
                            mapping.entity(), authority.opposite(), outcome.rows(), outcome.untried()));
                    outcome.findings().stream().map(notes::located).forEach(findings::add);
                }
            }
        }
        return new TriedReport(
                report,
                findings.stream()
                        .distinct()
                        .sorted(Comparator.comparingInt(LocatedFinding::line))
                        .toList(),
                trials);
    }

    private static TrialWrite.Outcome tried(TrialWrite trial, TableMapping mapping, Side authority) {
        try {
            return trial.run(mapping, authority);
        } catch (CrossfadeException e) {
            Finding failed = Finding.error(
                    Finding.path(mapping.entity()),
                    "Rows could not be written to the %s side for a trial."
                            .formatted(authority.opposite().label()),
                    String.valueOf(e.getMessage()));
            return new TrialWrite.Outcome(0, 0, List.of(failed));
        }
    }

    private static MappingReport inspect(Path file, Databases databases, Set<String> contracted, FileNotes notes) {
        List<Declaration> declarations = new DeclarationReader(text(file), notes).read();
        List<TableMapping> mappings = List.of();
        if (!declarations.isEmpty()) {
            // Contracted entities are still parents of the others.
            mappings = new Assembly(databases, notes)
                    .mappings(declarations).stream()
                            .filter(mapping -> !contracted.contains(mapping.entity()))
                            .toList();
            new MappingCheck(databases).check(mappings).forEach(notes::add);
        }
        return new MappingReport(
                file.toString(),
                MappingOrder.parentsFirst(mappings),
                without(contracted, notes.findings(true)),
                without(contracted, notes.findings(false)));
    }

    private static List<LocatedFinding> without(Set<String> contracted, List<LocatedFinding> findings) {
        return findings.stream()
                .filter(finding ->
                        finding.finding().entity().filter(contracted::contains).isEmpty())
                .toList();
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new InvalidInputException(
                        "The mapping file %s is larger than 1 MiB, which no mapping file is. Name another one, or divide it and give each worker its part."
                                .formatted(file));
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(
                    "There is no mapping file %s. Write one, or name the one there is.".formatted(file), e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("The mapping file %s may not be read. Allow it.".formatted(file), e);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "The mapping file %s is not UTF-8 text. Save it as UTF-8.".formatted(file), e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The mapping file %s cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }
}
