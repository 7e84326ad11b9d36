package dev.crossfade.operate;

import dev.crossfade.finish.ContractedElsewhere;
import dev.crossfade.finish.Finish;
import dev.crossfade.operate.report.FinishReport;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import java.nio.file.Files;
import java.util.List;

/** Shows what is left to do at the end of an entity's migration. */
public final class FinishReader {

    private final OperatorSession session;

    /** Creates it for a session. */
    public FinishReader(OperatorSession session) {
        this.session = session;
    }

    /** Returns what is left to do, or what is missing before the contraction. */
    public FinishReport read(String entity) {
        return FinishReport.of(new Finish(session.databases(), pending()).plan(entity));
    }

    /**
     * Records that another tool has dropped the legacy structures. Does nothing if that is recorded already.
     *
     * @param by the tool that dropped them
     * @throws dev.crossfade.model.RefusedException if they still exist, something is queued, or the entity is at
     *     another stage
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
