/**
 * Writes one entity: the authoritative side, and the mirror within its budget or an intent in its place. Uses
 * {@code lossy}, {@code guard}, {@code stages}, {@code queue}, {@code statement}, {@code mapping}, {@code control},
 * {@code sql} and {@code model}.
 *
 * <p>Start at {@code EntityWriter}. A key's way: the caller's {@code RequestedWrite} and a snapshot of the stages
 * come in; the {@code Permit} passes the stage's epoch and the instance's lease to the statement, so that the server
 * itself refuses a stale writer. {@code StatementRendering} has the statements of the stage. In one database one
 * statement writes both sides; if that fails, or in the caller's transaction, the authoritative statement runs first
 * and returns the keys that it wrote and locked, and {@code InlineMirror} mirrors exactly these behind a savepoint.
 * Whatever is left gets an intent. {@code Written} tells the session which intents count once the transaction
 * commits.
 *
 * <p>The law: the authoritative write neither fails nor waits longer than the budget because of the mirror; and no
 * authoritative row is committed without its mirror row or an intent.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.write;

import org.jspecify.annotations.NullMarked;
