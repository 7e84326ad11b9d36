/**
 * The worker: a process that works off what services have left behind, sweeps, and tidies up. Start at {@code Worker};
 * {@code Jobs} lists what it does over and over.
 *
 * <p>The way of a job: {@code Schedule} keeps each one in the control database, where one of all workers claims it at a
 * time and another takes it over when its heartbeat stops; a {@code DrainJob} works off an entity's intents and due
 * missed writes, a {@code SweepJob} compares some ranges of keys, {@code RetentionJob} and {@code FleetJob} delete what is
 * old. {@code Watch} looks at the databases, for health and metrics; {@code Startup} waits for them in the beginning.
 *
 * <p>The law of this room: any number of workers may run, be killed, or stand still; what is in hand is another one's in
 * the end. Home of db-scheduler. Uses {@code verify} and the core's {@code metrics}, {@code reconcile}, {@code queue},
 * {@code fleet}, {@code mapping}, {@code control} and {@code model}.
 *
 * <p>For services and operators: {@code Health}, {@code Worker}, {@code WorkerSettings}; the other public types are
 * public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.worker;

import org.jspecify.annotations.NullMarked;
