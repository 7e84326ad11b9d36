/**
 * Provides what an operator's commands and pages show and do, without a terminal.
 *
 * <p>Start at {@link dev.crossfade.operate.OperatorSession}: the databases, the mapping file and the wiring of the
 * core for one piece of work. It is opened with the access that the work needs, so that looking changes nothing and
 * works while the modern database is down. {@link dev.crossfade.operate.EntityMappings} holds the usable entities, and
 * why others cannot be used: an error in one concerns that one alone.
 *
 * <p>Readers ({@code …Reader}) gather the records of {@link dev.crossfade.operate.report}. Actions move a stage
 * ({@link dev.crossfade.operate.StageMove}, {@link dev.crossfade.operate.GateWait}), set a ramp
 * ({@link dev.crossfade.operate.EntityFlags}), act on the queue ({@link dev.crossfade.operate.QueueActs}), install
 * capture ({@link dev.crossfade.operate.CaptureDesk}) and run migrations ({@link dev.crossfade.operate.Migrations});
 * they pass the same guards as everybody and return what they did as a record.
 *
 * <p>The law: nothing here parses, prints or asks. Every command and page shows these records, so all show the same.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.operate;

import org.jspecify.annotations.NullMarked;
