package dev.crossfade.cli.terminal;

import dev.crossfade.cli.terminal.Page.Tone;
import java.util.ArrayList;
import java.util.List;

/** Rows of cells in aligned columns; numbers are aligned to the right. */
public final class Table {

    private static final String GAP = "  ";
    private static final Cell NOTHING = new Cell("", Tone.PLAIN);

    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();
    private int widest = Integer.MAX_VALUE;

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** A text and its meaning. */
    public record Cell(String text, Tone tone) {

        /** Cleans the text, so that its width is that of what is printed. */
        public Cell {
            text = PlainText.line(text);
        }

        int width() {
            return text.codePointCount(0, text.length());
        }

        /** Returns this text in lines of at most {@code width} characters; a longer word gets a line of its own. */
        List<Cell> wrapped(int width) {
            if (width() <= width) {
                return List.of(this);
            }
            List<Cell> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (String word : text.split(" ")) {
                if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                    lines.add(new Cell(line.toString(), tone));
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(new Cell(line.toString(), tone));
            return lines;
        }

        boolean isNumber() {
            return text.matches("[0-9][0-9,. ]*%?");
        }
    }

    public static Cell cell(String text, Tone tone) {
        return new Cell(text, tone);
    }

    /** Wraps the cells that are added from now on after some characters. */
    public Table wrappedAt(int characters) {
        widest = characters;
        return this;
    }

    /** Adds a row of cells, or of things to be shown as plain text. */
    public Table row(Object... cells) {
        List<Cell> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell instanceof Cell ready ? ready : new Cell(cell.toString(), Tone.PLAIN));
        }
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(
                    "%s cells in a table of %s columns.".formatted(row.size(), header.size()));
        }
        List<List<Cell>> wrapped =
                row.stream().map(cell -> cell.wrapped(widest)).toList();
        int lines = wrapped.stream().mapToInt(List::size).max().orElse(1);
        for (int i = 0; i < lines; i++) {
            int line = i;
            rows.add(wrapped.stream()
                    .map(cell -> line < cell.size() ? cell.get(line) : NOTHING)
                    .toList());
        }
        return this;
    }

    List<String> lines(Page page) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<List<Cell>> all = new ArrayList<>();
        all.add(header.stream().map(text -> new Cell(text, Tone.FAINT)).toList());
        all.addAll(rows);
        return all.stream().map(row -> line(row, page)).toList();
    }

    private String line(List<Cell> row, Page page) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            boolean last = i == row.size() - 1;
            String padding = " ".repeat(width(i) - cell.width());
            boolean right = isNumeric(i);
            line.append(right ? padding : "").append(page.paint(cell.text(), cell.tone()));
            line.append(right || last ? "" : padding).append(last ? "" : GAP);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<Cell> row : rows) {
            widest = Math.max(widest, row.get(column).width());
        }
        return widest;
    }

    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).allMatch(Cell::isNumber);
    }
}
