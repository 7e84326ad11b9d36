package dev.crossfade.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Comments are read beside code, which the formatter keeps within 120 columns; it leaves comments as they are. */
class CommentWidthTest {

    private static final Path ROOT = Path.of("..");
    private static final int COLUMNS = 120;
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    private static final Pattern COMMENT = Pattern.compile("\\s*(?:\\*|/\\*|//).*");
    /** A single word, such as an address, cannot be broken. */
    private static final Pattern ONE_WORD = Pattern.compile("\\s*(?:\\*|/\\*\\*?|//)\\s*\\S+");

    @Test
    void commentLinesHoldTo120Columns() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (isTooWide(lines.get(i))) {
                    wide.add("%s:%s".formatted(ROOT.relativize(file), i + 1));
                }
            }
        }

        assertThat(wide).isEmpty();
    }

    private static boolean isTooWide(String line) {
        return line.codePointCount(0, line.length()) > COLUMNS
                && COMMENT.matcher(line).matches()
                && !ONE_WORD.matcher(line).matches();
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(files).hasSizeGreaterThan(100);
        return files;
    }
}
