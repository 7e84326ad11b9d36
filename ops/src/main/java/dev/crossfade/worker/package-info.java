/**
 * The worker: a process that works off the intents and missed writes that services have left behind, sweeps, and tidies
 * up. Home of db-scheduler. Uses {@code verify} and the core's {@code metrics}, {@code reconcile}, {@code queue},
 * {@code fleet}, {@code mapping}, {@code control} and {@code model}.
 *
 * <p>For services and operators: {@code Health}, {@code Worker}, {@code WorkerSettings}; the other public types are
 * public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.worker;

import org.jspecify.annotations.NullMarked;
