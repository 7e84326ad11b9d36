/**
 * Saves that the legacy side, which decides, does not bring back as they were given: what becomes of them, who is told,
 * and the list kept for the operator. Uses {@code statement}, {@code mapping}, {@code control}, {@code sql} and
 * {@code model}.
 *
 * <p>Start at {@code LossyWriteSettings}, which says for each entity and column whether such a save is reported,
 * refused or allowed. A save's statement compares what comes back ({@code statement.GivenSql}); what it found is an
 * {@code AlteredRecord}. {@code LossyWrites} takes it from the caller's thread once the save is committed, redacts it,
 * and stores it in batches through {@code LossyWriteLog}, which the operator's commands read. A save that is refused
 * ends as {@code LossyWriteException}.
 *
 * <p>The law: a save never waits and never fails because of what is noted about it, and no value leaves this room
 * unredacted.
 *
 * <p>For services and operators: {@code LossyWriteException}, {@code LossyWriteOutcome}, {@code LossyWritePolicy},
 * {@code LossyWriteSettings}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.lossy;

import org.jspecify.annotations.NullMarked;
