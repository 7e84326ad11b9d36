/**
 * The operator's desk without a terminal: what a command, or a page, shows and does.
 *
 * <p>Start at {@link dev.crossfade.operate.OperatorSession}: the databases, the mapping file and the wiring of the core for
 * one piece of work. It is opened for what is going to be done, so that looking changes nothing and works while the modern
 * database is down. {@link dev.crossfade.operate.EntityMappings} are the entities that can be worked on, and why others
 * cannot: what is wrong with one concerns that one alone.
 *
 * <p>Readers ({@code …Reader}) gather the records of {@link dev.crossfade.operate.report}. Actions move a stage
 * ({@link dev.crossfade.operate.StageMove}, {@link dev.crossfade.operate.GateWait}), set a ramp
 * ({@link dev.crossfade.operate.EntityFlags}), act on the queue ({@link dev.crossfade.operate.QueueActs}), install capture
 * ({@link dev.crossfade.operate.CaptureDesk}) and run migrations ({@link dev.crossfade.operate.Migrations}); they go
 * through the same guards as everybody and return what they did as a record.
 *
 * <p>The law: nothing here parses, prints or asks. Whoever shows something shows these records, and so the same.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.operate;

import org.jspecify.annotations.NullMarked;
