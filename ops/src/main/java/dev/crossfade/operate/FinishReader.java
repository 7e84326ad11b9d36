package dev.crossfade.operate;

import dev.crossfade.finish.ContractedElsewhere;
import dev.crossfade.finish.Finish;
import dev.crossfade.operate.report.FinishReport;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import java.nio.file.Files;
import java.util.List;

/** Shows what is left to do for an entity at its end. */
public final class FinishReader {

    private final OperatorSession session;

    /** Makes it for a session. */
    public FinishReader(OperatorSession session) {
        this.session = session;
    }

    /** Returns what is left to do, or what is missing before the end. */
    public FinishReport read(String entity) {
        return FinishReport.of(new Finish(session.databases(), pending()).plan(entity));
    }

    /**
     * Records that another tool has taken the legacy structures away; nothing where that is recorded already.
     *
     * @param by what has
     * @throws dev.crossfade.model.RefusedException if they are there, something waits, or the entity stands elsewhere
     */
    public void contractedBy(String entity, String by) {
        if (!session.contractions().containsKey(entity)) {
            new ContractedElsewhere(session.databases()).record(entity, by, isMapped(entity));
        }
    }

    /** Tells whether the mapping file has the entity, and fits the tables. */
    private boolean isMapped(String entity) {
        return session.hasMappingFile()
                && session.known().usable().stream()
                        .anyMatch(mapping -> mapping.entity().equals(entity));
    }

    private List<Migration> pending() {
        return Files.isDirectory(session.settings().migrations())
                ? new Migrations(
                                session,
                                MigrationDirectory.read(session.settings().migrations()),
                                SchemaListener.silent())
                        .pending()
                : List.of();
    }
}
