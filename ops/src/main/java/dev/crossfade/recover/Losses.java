package dev.crossfade.recover;

import dev.crossfade.model.Side;
import dev.crossfade.verify.BlastRadius;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Survey.Listed;
import java.util.List;

/**
 * What a decision does to the side that loses.
 *
 * @param winner the side that wins
 * @param deleted how many rows of the other side are deleted, as the winner has none
 * @param overwritten how many rows of the other side are overwritten by the winner's version
 * @param added how many rows the other side gets that it does not have
 * @param allowed how many may be deleted and overwritten together without being agreed to
 */
public record Losses(Side winner, long deleted, long overwritten, long added, long allowed) {

    static Losses of(Side winner, List<Listed> listed, long rowsOfLoser) {
        long overwritten = 0;
        long deleted = 0;
        for (Listed one : listed) {
            if (one.difference() instanceof Difference.Different) {
                overwritten++;
            } else if (BlastRadius.destroys(one.difference(), winner)) {
                deleted++;
            }
        }
        return new Losses(
                winner,
                deleted,
                overwritten,
                listed.size() - overwritten - deleted,
                BlastRadius.usual(rowsOfLoser).allowed());
    }

    /** Returns how many rows are lost. */
    public long destroyed() {
        return deleted + overwritten;
    }
}
