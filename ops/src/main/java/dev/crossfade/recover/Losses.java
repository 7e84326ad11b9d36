package dev.crossfade.recover;

import dev.crossfade.model.Side;
import dev.crossfade.verify.BlastRadius;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Survey.Listed;
import java.util.List;

/**
 * What a decision costs the side that loses.
 *
 * @param winner the side that wins
 * @param deleted how many rows of the other side are deleted, as the winner does not have them
 * @param overwritten how many rows of the other side are overwritten by the winner's version
 * @param added how many rows are added to the other side
 * @param allowed how many may be deleted and overwritten together without consent
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
