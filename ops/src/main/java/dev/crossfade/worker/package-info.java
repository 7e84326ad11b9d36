/**
 * The worker: a process that works off the intents and missed writes that services have left behind. Uses the core's
 * {@code reconcile}, {@code queue}, {@code fleet}, {@code mapping}, {@code control} and {@code model}.
 */
@NullMarked
package dev.crossfade.worker;

import org.jspecify.annotations.NullMarked;
