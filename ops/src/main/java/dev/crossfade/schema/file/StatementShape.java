package dev.crossfade.schema.file;

import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlStatement;
import dev.crossfade.sql.SqlToken;
import dev.crossfade.sql.SqlToken.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recognises what the runner must know about a statement before it runs it, from its tokens. */
public final class StatementShape {

    private static final Set<String> SERVER_OBJECTS = Set.of("database", "tablespace", "subscription");
    private static final Set<String> WIDE_REINDEX = Set.of("database", "system", "schema");

    /** The tokens without comments. */
    private final List<SqlToken> tokens;

    private StatementShape(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    public static StatementShape of(SqlStatement statement) {
        return new StatementShape(SqlScanner.scan(statement.text()).stream()
                .filter(token -> token.kind() != Kind.COMMENT)
                .toList());
    }

    /** Tells whether the server refuses the statement inside a transaction. */
    public boolean isStandalone() {
        return switch (lower(0)) {
            case "vacuum" -> true;
            case "create" -> SERVER_OBJECTS.contains(lower(1)) || isConcurrent(indexWord());
            case "drop" -> SERVER_OBJECTS.contains(lower(1)) || isConcurrent(1);
            case "reindex" -> has("concurrently") || WIDE_REINDEX.contains(lower(afterOptions(1)));
            case "alter" -> isStandaloneAlter();
            case "cluster" -> afterOptions(is(1, "verbose") ? 2 : 1) >= tokens.size();
            case "discard" -> is(1, "all");
            default -> false;
        };
    }

    /** Tells whether the statement begins or ends a transaction, which only the runner may do. */
    boolean isTransactionControl() {
        return switch (lower(0)) {
            case "begin", "commit", "end", "abort" -> true;
            case "start", "prepare" -> is(1, "transaction");
            case "rollback" -> !has("to");
            default -> false;
        };
    }

    /** Tells whether the statement changes only its session, and so must be repeated in a new one. */
    public boolean isSessionSetting() {
        return (is(0, "set") && !is(1, "constraints")) || is(0, "reset");
    }

    /** Tells whether an index is built concurrently under a name that the server chooses. */
    boolean isUnnamedConcurrentIndex() {
        int index = indexWord();
        return is(0, "create") && isConcurrent(index) && is(index + 2, "on");
    }

    /** Returns what the statement does to indexes concurrently, empty if it is another statement. */
    public Optional<IndexChange> indexChange() {
        if (!isStandalone() || !has("concurrently")) {
            return Optional.empty();
        }
        return switch (lower(0)) {
            case "create" -> {
                int name = afterIf(indexWord() + 2, "not", "exists");
                int table = is(name + 2, "only") ? name + 3 : name + 2;
                yield isUnnamedConcurrentIndex()
                        ? Optional.empty()
                        : Optional.of(new IndexChange.Build(identifier(name), qualifiedName(table)));
            }
            case "drop" -> Optional.of(new IndexChange.Drop(qualifiedName(afterIf(3, "exists"))));
            case "reindex" -> {
                int scope = afterOptions(1);
                int target = is(scope + 1, "concurrently") ? scope + 2 : scope + 1;
                yield Optional.of(new IndexChange.Rebuild(lower(scope), qualifiedName(target)));
            }
            default -> Optional.empty();
        };
    }

    private boolean isStandaloneAlter() {
        return switch (lower(1)) {
            case "system", "subscription" -> true;
            case "database" -> has("tablespace");
            case "table" -> has("detach") && has("concurrently");
            default -> false;
        };
    }

    private int indexWord() {
        return is(1, "unique") ? 2 : 1;
    }

    private boolean isConcurrent(int index) {
        return is(index, "index") && is(index + 1, "concurrently");
    }

    /** Skips a parenthesised list of options. */
    private int afterOptions(int from) {
        if (from >= tokens.size() || !tokens.get(from).isSymbol("(")) {
            return from;
        }
        int at = from;
        while (at < tokens.size() && !tokens.get(at).isSymbol(")")) {
            at++;
        }
        return at + 1;
    }

    /** Skips IF and the given words if they are there. */
    private int afterIf(int from, String... words) {
        return is(from, "if") && is(from + 1, words[0]) ? from + 1 + words.length : from;
    }

    /** Returns the name as the catalog holds it. */
    private String identifier(int index) {
        if (index >= tokens.size()) {
            return "";
        }
        SqlToken token = tokens.get(index);
        return token.kind() == Kind.QUOTED_IDENTIFIER
                ? token.text().substring(1, token.text().length() - 1).replace("\"\"", "\"")
                : lower(index);
    }

    /** Returns a possibly qualified name as it is written. */
    private String qualifiedName(int from) {
        StringBuilder name = new StringBuilder();
        for (int i = from; i < tokens.size(); i += 2) {
            name.append(tokens.get(i).text());
            if (i + 1 >= tokens.size() || !tokens.get(i + 1).isSymbol(".")) {
                break;
            }
            name.append('.');
        }
        return name.toString();
    }

    private boolean has(String word) {
        return tokens.stream().anyMatch(token -> token.isWord(word));
    }

    private boolean is(int index, String word) {
        return index < tokens.size() && tokens.get(index).isWord(word);
    }

    /** Returns a word folded to lower case as the server does, ASCII letters only. Empty for anything but a word. */
    private String lower(int index) {
        if (index >= tokens.size() || tokens.get(index).kind() != Kind.WORD) {
            return "";
        }
        StringBuilder folded = new StringBuilder(tokens.get(index).text());
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }
}
