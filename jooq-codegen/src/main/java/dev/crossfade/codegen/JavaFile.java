package dev.crossfade.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of one Java file. It collects the lines and the imports. A type is written with its package if its simple
 * name belongs to another type here, or to a class of the same package.
 */
final class JavaFile {

    private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");
    private static final Pattern DIMENSIONS = Pattern.compile("(\\s*\\[])+$");
    private static final int WIDTH = 120;
    private static final int CONTINUATION = 8;
    private static final String NULLABLE = "org.jspecify.annotations.Nullable";

    private final String packageName;
    private final Set<String> siblings;
    private final Map<String, String> imports = new TreeMap<>();
    private final StringBuilder body = new StringBuilder();

    /**
     * Starts a file.
     *
     * @param siblings simple names of the classes that are generated into the package
     */
    JavaFile(String packageName, Set<String> siblings) {
        this.packageName = packageName;
        this.siblings = siblings;
    }

    /** Returns how to write a type here, given with its package: {@code java.util.List<java.lang.String>[]}. */
    String type(String qualified) {
        return NAME.matcher(qualified).replaceAll(found -> quoted(shortened(found.group(), "")));
    }

    /** Returns how to write a class here. */
    String type(Class<?> type) {
        return type(type.getCanonicalName());
    }

    /** As {@link #type(String)}, with JSpecify's annotation for values that may be null. */
    String nullable(String qualified) {
        String annotation = "@" + type(NULLABLE) + " ";
        Matcher dimensions = DIMENSIONS.matcher(qualified);
        if (dimensions.find()) {
            return type(qualified.substring(0, dimensions.start())) + " " + annotation
                    + dimensions.group().strip();
        }
        int arguments = qualified.indexOf('<');
        String raw = arguments < 0 ? qualified : qualified.substring(0, arguments);
        String rest = arguments < 0 ? "" : qualified.substring(arguments);
        return shortened(raw, annotation) + type(rest);
    }

    /** Adds a line, or several. */
    JavaFile line(String text) {
        body.append(text).append('\n');
        return this;
    }

    /** Adds a line that ends in a list; puts the items on lines of their own if the line gets too long. */
    JavaFile list(String head, List<String> items, String tail) {
        String whole = head + String.join(", ", items) + tail;
        if (whole.lines().allMatch(part -> part.length() <= WIDTH)) {
            return line(whole);
        }
        String indent = " ".repeat(head.length() - head.stripLeading().length() + CONTINUATION);
        return line(items.stream()
                .map(item -> indent + item.strip())
                .collect(Collectors.joining(",\n", head.stripTrailing() + "\n", tail)));
    }

    /** Adds a comment. Its first paragraph is wrapped to the width, and each tag gets one line. */
    JavaFile javadoc(String indent, String text, List<String> tags) {
        String single = indent + "/** " + text + " */";
        if (tags.isEmpty() && single.length() <= WIDTH) {
            return line(single);
        }
        line(indent + "/**");
        wrapped(text, WIDTH - indent.length() - 3).forEach(part -> line(indent + " * " + part));
        if (!tags.isEmpty()) {
            line(indent + " *");
            tags.forEach(tag -> line(indent + " * " + tag));
        }
        return line(indent + " */");
    }

    /** Adds an empty line. */
    JavaFile gap() {
        return line("");
    }

    /** Returns the file's text. */
    String text() {
        StringBuilder text = new StringBuilder("package ").append(packageName).append(";\n\n");
        imports.values().stream()
                .filter(name -> !name.startsWith("java.lang.") || name.indexOf('.', "java.lang.".length()) >= 0)
                .sorted()
                .forEach(name -> text.append("import ").append(name).append(";\n"));
        if (text.indexOf("import ") >= 0) {
            text.append('\n');
        }
        return text.append(body).toString();
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!current.isEmpty() && current.length() + 1 + word.length() > width) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.isEmpty() ? "" : " ").append(word);
        }
        lines.add(current.toString());
        return lines;
    }

    /** Shortens a name; an annotation goes before the last simple name. */
    private String shortened(String name, String annotation) {
        int classStart = classStart(name);
        if (classStart == 0) {
            return annotation + name;
        }
        int classEnd = name.indexOf('.', classStart) < 0 ? name.length() : name.indexOf('.', classStart);
        String topLevel = name.substring(0, classEnd);
        String simple = name.substring(classStart, classEnd);
        boolean here = topLevel.equals(packageName + "." + simple);
        boolean taken = siblings.contains(simple) && !here;
        if (!taken && !here) {
            taken = !imports.computeIfAbsent(simple, none -> topLevel).equals(topLevel);
        }
        String written = taken ? name : name.substring(classStart);
        int last = written.lastIndexOf('.') + 1;
        return written.substring(0, last) + annotation + written.substring(last);
    }

    /**
     * Returns where the class name starts. Package names start with a small letter; if all parts do, the last one is
     * the class.
     */
    private static int classStart(String name) {
        int start = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
            if (Character.isUpperCase(name.charAt(start))) {
                return start;
            }
            start = dot + 1;
        }
        return start;
    }

    private static String quoted(String replacement) {
        return replacement.replace("\\", "\\\\").replace("$", "\\$");
    }
}
