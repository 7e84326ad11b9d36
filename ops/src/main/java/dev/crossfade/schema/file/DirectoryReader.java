package dev.crossfade.schema.file;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.sql.SqlStatement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads one directory of migrations and collects everything that is wrong with it. */
final class DirectoryReader {

    private static final Pattern NAME = Pattern.compile("V([0-9]+(?:\\.[0-9]+)*)__(.+)\\.(up|down)\\.sql");

    private final Path directory;
    private final Problems problems = new Problems();
    private final SequencedMap<MigrationVersion, Named> ups = new TreeMap<>();
    private final SequencedMap<MigrationVersion, Named> downs = new TreeMap<>();

    DirectoryReader(Path directory) {
        this.directory = directory;
    }

    /** A file with a valid name. */
    private record Named(Path file, MigrationVersion version, String description) {

        String name() {
            return file.getFileName().toString();
        }
    }

    List<Migration> read() {
        for (Path file : sqlFiles()) {
            sort(file);
        }
        List<Migration> migrations = new ArrayList<>();
        for (Map.Entry<MigrationVersion, Named> up : ups.entrySet()) {
            migration(up.getValue(), Optional.ofNullable(downs.get(up.getKey())))
                    .ifPresent(migrations::add);
        }
        downs.forEach((version, down) -> {
            if (!ups.containsKey(version)) {
                problems.add(
                        down.name(),
                        "there is no up file of version %s. Add V%s__%s.up.sql, or remove this file."
                                .formatted(version, version, down.description()));
            }
        });
        problems.throwIfAny("Migrations in " + directory);
        return migrations;
    }

    private List<Path> sqlFiles() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(".sql"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The migrations directory '%s' cannot be read. Check that it exists and may be read, or name another one."
                            .formatted(directory.toAbsolutePath()),
                    e);
        }
    }

    private void sort(Path file) {
        String name = file.getFileName().toString();
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            problems.add(
                    name,
                    "the name has no version, or no direction. Call it V<version>__<description>.up.sql or .down.sql, "
                            + "for example V12__add_accounts.up.sql.");
            return;
        }
        boolean up = matcher.group(3).equals("up");
        Named named = new Named(
                file, MigrationVersion.parse(matcher.group(1)), matcher.group(2).replace('_', ' '));
        Named other = (up ? ups : downs).putIfAbsent(named.version(), named);
        if (other != null) {
            problems.add(
                    name,
                    "version %s is also that of %s. Give one of them a version of its own."
                            .formatted(named.version(), other.name()));
        }
    }

    private Optional<Migration> migration(Named up, Optional<Named> down) {
        Optional<MigrationScript> upScript = script(up);
        Optional<MigrationScript> downScript = down.flatMap(this::script);
        downScript.ifPresent(script -> Directives.refuseIn(script, problems));
        return upScript.map(script -> {
            Directives directives = Directives.read(script, problems);
            return new Migration(
                    up.version(),
                    up.description(),
                    directives.side(),
                    directives.phase(),
                    directives.entities(),
                    script,
                    downScript);
        });
    }

    private Optional<MigrationScript> script(Named named) {
        try {
            byte[] bytes = Files.readAllBytes(named.file());
            Optional<String> text = decode(named, bytes);
            Optional<MigrationScript> script = text.map(content -> MigrationScript.of(named.file(), content));
            script.ifPresent(this::checkStatements);
            return script;
        } catch (IOException e) {
            problems.add(named.name(), "the file cannot be read. Check its permissions.");
        } catch (InvalidInputException e) {
            problems.add(named.name(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private Optional<String> decode(Named named, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            problems.add(named.name() + ":" + line, "the file is not UTF-8. Save it as UTF-8.");
            return Optional.empty();
        }
        return Optional.of(out.flip().toString());
    }

    private void checkStatements(MigrationScript script) {
        for (SqlStatement statement : script.statements()) {
            StatementShape shape = StatementShape.of(statement);
            String where = script.name() + ":" + statement.line();
            if (shape.isTransactionControl()) {
                problems.add(
                        where,
                        "the runner begins and ends transactions itself. Remove this statement; "
                                + "split the migration where a commit is needed in between.");
            }
            if (shape.isUnnamedConcurrentIndex()) {
                problems.add(
                        where,
                        "the index has no name, so that an interrupted build could not be found again. "
                                + "Write CREATE INDEX CONCURRENTLY <name> ON ….");
            }
        }
    }
}
