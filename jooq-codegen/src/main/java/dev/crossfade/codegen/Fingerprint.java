package dev.crossfade.codegen;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.schema.SchemaRunner;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells whether this run would give the last run's output. It keeps hashes of every input, and of the output itself,
 * in a hidden file beside the output.
 */
final class Fingerprint {

    private static final String WARNING = "warning ";

    private final Path stamp;
    private final Path output;
    private final String inputs;

    private Fingerprint(Path stamp, Path output, String inputs) {
        this.stamp = stamp;
        this.output = output;
        this.inputs = inputs;
    }

    /**
     * Computes the fingerprint of a run's inputs: settings, scripts, migrations, mapping and Crossfade itself.
     *
     * @param configuration further inputs of the output
     * @param target the directory of all generated sources
     * @param output the directory of what one run generates
     */
    static Fingerprint of(GenerationSettings settings, String configuration, Path target, Path output) {
        Hash hash = new Hash();
        hash.add(settings.toString());
        hash.add(configuration);
        hash.add(System.getProperty("java.class.path", ""));
        ScriptFiles.find(settings.basedir(), settings.scripts()).forEach(hash::addAll);
        ScriptFiles.find(settings.basedir(), settings.modernScripts()).forEach(hash::addAll);
        settings.migrations().ifPresent(hash::addAll);
        hash.addAll(settings.mapping());
        List.of(TableMapping.class, SchemaRunner.class, Fingerprint.class).forEach(code -> hash.addAll(source(code)));
        Path stamp =
                target.resolve("." + target.relativize(output).toString().replaceAll("[/\\\\]", ".") + ".crossfade");
        return new Fingerprint(stamp, output, hash.hex());
    }

    /** Tells whether nothing has changed since {@link #store}. */
    boolean isCurrent() {
        try {
            return Files.exists(stamp) && Files.readString(stamp).startsWith(text());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the warnings of the last run. */
    List<String> warnings() {
        try {
            return Files.readString(stamp)
                    .lines()
                    .filter(line -> line.startsWith(WARNING))
                    .map(line -> line.substring(WARNING.length()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Records that the output is up to date, with the warnings of the run. */
    void store(List<String> warnings) {
        try {
            String lines = warnings.stream()
                    .map(warning -> WARNING + warning.replaceAll("\\R", " ") + "\n")
                    .collect(Collectors.joining());
            Files.writeString(stamp, text() + lines);
        } catch (IOException e) {
            throw new CrossfadeException(
                    "%s cannot be written: %s. Let the generator write there.".formatted(stamp, e), e);
        }
    }

    private String text() {
        Hash hash = new Hash();
        hash.addAll(output);
        return "inputs %s\noutput %s\n".formatted(inputs, hash.hex());
    }

    /** Returns the jar or the directory that contains a class. */
    private static Path source(Class<?> code) {
        try {
            return Path.of(
                    code.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Hashes texts and files so that different inputs cannot have the same concatenation. */
    private static final class Hash {

        private final MessageDigest digest;

        Hash() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void add(String text) {
            add(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Adds a file's name and content, or those of all files in a directory. A missing path is added as missing. */
        void addAll(Path path) {
            if (!Files.exists(path)) {
                add("no " + path);
                return;
            }
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    add(file.toString());
                    add(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new CrossfadeException("%s cannot be read: %s. Let the generator read it.".formatted(path, e), e);
            }
        }

        private void add(byte[] bytes) {
            add(bytes.length);
            digest.update(bytes);
        }

        private void add(int length) {
            digest.update(
                    new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length});
        }

        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
