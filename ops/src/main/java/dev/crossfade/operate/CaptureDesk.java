package dev.crossfade.operate;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.LockPatience;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.report.CaptureReport;
import java.util.List;

/** Shows which capture is installed, and installs and removes it. Not thread-safe. */
public final class CaptureDesk {

    private final OperatorSession session;

    /** Creates it for a session. To install or remove, the session must be allowed to change something. */
    public CaptureDesk(OperatorSession session) {
        this.session = session;
    }

    /** Returns which capture is installed, without reading the mapping file. */
    public CaptureReport installed() {
        return CaptureReport.of(new QueueReader(session).captures());
    }

    /** Returns which capture is installed, compared with the mapping file if there is one. */
    public CaptureReport compared() {
        return CaptureReport.of(capture().states(session.hasMappingFile() ? session.mappings() : List.of()));
    }

    /** Installs an entity's triggers on both sides, or brings them up to date. */
    public void install(TableMapping mapping) {
        capture().install(mapping);
    }

    /**
     * Removes an entity's triggers.
     *
     * @throws InvalidInputException if there are none
     */
    public void remove(String entity) {
        if (!capture().remove(entity)) {
            throw new InvalidInputException(
                    "No capture of %s is installed. `crossfade capture status` shows what is.".formatted(entity));
        }
    }

    private Capture capture() {
        return new Capture(session.databases(), LockPatience.DEFAULTS);
    }
}
