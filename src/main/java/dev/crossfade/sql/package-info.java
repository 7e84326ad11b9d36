/**
 * PostgreSQL itself, without anything of Crossfade's: its words, its statements and its errors. Uses {@code model}
 * alone.
 *
 * <ul>
 *   <li>Text that is SQL: start at {@code SqlScanner}, which cuts a script into statements and tokens as the server
 *       would.
 *   <li>Statements: {@code TextStatement} is prepared once and takes texts; {@code CanonicalTransaction} pins every
 *       setting on which a comparison or a copy depends; {@code DriverConnection} is the connection below a pool's
 *       proxy.
 *   <li>Errors: {@code ServerMessage} is what an operator is shown of one, {@code FailureClass} what it means for a
 *       write.
 * </ul>
 *
 * <p>The law of this room: whatever compares or copies rows begins in a {@code CanonicalTransaction}, and nothing that
 * an operator reads is made from a server's message in another place than {@code ServerMessage}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.sql;

import org.jspecify.annotations.NullMarked;
