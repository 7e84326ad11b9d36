package dev.crossfade.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds names that somebody may have meant. */
public final class Spelling {

    private static final int MOST = 3;

    private record Candidate(String name, int distance) {}

    private Spelling() {}

    /** Returns the names, at most three and the nearest first, that differ from {@code written} by a slip or two. */
    public static List<String> near(String written, Collection<String> names) {
        String wanted = plain(written);
        int allowed = Math.max(1, wanted.length() / 3);
        List<Candidate> candidates = names.stream()
                .map(name -> new Candidate(name, distance(wanted, plain(name))))
                .filter(candidate -> candidate.distance <= allowed)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .toList();
        return candidates.stream()
                .filter(candidate -> candidate.distance <= candidates.getFirst().distance + 1)
                .map(Candidate::name)
                .limit(MOST)
                .toList();
    }

    /**
     * Returns {@code Did you mean 'a' or 'b'?} if there are similar names, otherwise the sentence {@code otherwise}.
     */
    public static String remedy(String written, Collection<String> names, String otherwise) {
        List<String> near = near(written, names);
        return near.isEmpty()
                ? otherwise
                : near.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or ", "Did you mean ", "?"));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Counts the letters to insert, drop, replace or swap with their neighbour. */
    private static int distance(String a, String b) {
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            rows.add(row);
            for (int j = 0; j <= b.length(); j++) {
                row[j] = i == 0 || j == 0 ? i + j : cheapest(a, b, rows, i, j);
            }
        }
        return rows.getLast()[b.length()];
    }

    private static int cheapest(String a, String b, List<int[]> rows, int i, int j) {
        int[] above = rows.get(i - 1);
        int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int cheapest = Math.min(replace, Math.min(above[j], rows.get(i)[j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(cheapest, rows.get(i - 2)[j - 2] + 1) : cheapest;
    }
}
