package dev.crossfade.check;

import java.util.List;

/**
 * A table's deviations from an ordinary table.
 *
 * @param parents tables that it inherits from, or that it is a partition of
 * @param children tables that inherit from it; partitions are not counted
 * @param partition whether it is a partition
 * @param logged whether it survives a crash of the server
 * @param rules enabled rules that rewrite statements on it
 */
public record TableShape(
        List<String> parents, List<String> children, boolean partition, boolean logged, List<String> rules) {

    /** The shape of an ordinary table. */
    static final TableShape ORDINARY = new TableShape(List.of(), List.of(), false, true, List.of());

    /** Copies the lists. */
    public TableShape {
        parents = List.copyOf(parents);
        children = List.copyOf(children);
        rules = List.copyOf(rules);
    }
}
