package dev.crossfade.mappingfile;

import dev.crossfade.check.Finding;

/**
 * A finding and its line in the file.
 *
 * @param line the line, from 1
 * @param finding what is wrong there
 */
public record LocatedFinding(int line, Finding finding) {

    /** Tells whether it is about an entity. */
    public boolean isAbout(String entity) {
        String path = Finding.path(entity);
        return finding.path().equals(path) || finding.path().startsWith(path + ".");
    }

    /** Returns the finding in one line after the file's name: {@code crossfade.yaml:12: entities.user.key: …}. */
    public String in(String file) {
        return "%s:%s: %s".formatted(file, line, finding);
    }
}
