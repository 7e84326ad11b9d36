/**
 * Saves whose values come back from the legacy side, which decides, changed: how they are treated, who hears of them,
 * and the list kept for the operator. Uses {@code statement}, {@code mapping}, {@code control}, {@code sql}, {@code
 * model} and {@code time}.
 *
 * <p>Start at {@code LossyWriteSettings}, which says for each entity and column whether such a save is reported,
 * refused or allowed. A save's statement compares what comes back ({@code statement.GivenSql}); each difference
 * becomes an {@code AlteredRecord}. {@code LossyWrites} takes it from the caller's thread once the save is committed,
 * redacts it, and stores it in batches through {@code LossyWriteLog}, which the operator's commands read. A refused
 * save throws {@code LossyWriteException}.
 *
 * <p>The law: a save never waits and never fails because of these notes, and no value leaves this room unredacted.
 *
 * <p>For services and operators: {@code LossyWriteException}, {@code LossyWriteOutcome}, {@code LossyWritePolicy},
 * {@code LossyWriteSettings}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.lossy;

import org.jspecify.annotations.NullMarked;
