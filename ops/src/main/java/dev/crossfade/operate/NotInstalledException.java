package dev.crossfade.operate;

import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.Settings;

/** There is no control schema, and nothing says that there ever was one. Nothing was created. */
public final class NotInstalledException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    NotInstalledException(Settings settings) {
        super(
                "Crossfade is not installed in %s. Start the service, or run `crossfade install`; if it was installed, its schema is lost: restore it."
                        .formatted(settings.legacy().location()),
                null);
    }
}
