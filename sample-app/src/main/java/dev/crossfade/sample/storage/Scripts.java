package dev.crossfade.sample.storage;

import dev.crossfade.model.CrossfadeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The SQL scripts that are packaged with the sample. */
final class Scripts {

    private Scripts() {}

    static String read(String resource) {
        try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CrossfadeException("'" + resource + "' is missing from the class path.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CrossfadeException("'" + resource + "' cannot be read.", e);
        }
    }
}
