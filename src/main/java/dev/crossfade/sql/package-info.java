/**
 * PostgreSQL itself, without anything of Crossfade: its language, its statements and its errors. Uses {@code model}
 * alone.
 *
 * <ul>
 *   <li>Text that is SQL: start at {@code SqlScanner}, which cuts a script into statements and tokens as the server
 *       would.
 *   <li>Statements: {@code TextStatement} is prepared once and takes texts; {@code CanonicalTransaction} pins every
 *       setting on which a comparison or a copy depends; {@code DriverConnection} is the connection below a pool's
 *       proxy.
 *   <li>Errors: {@code ServerMessage} is the text for an operator, {@code FailureClass} the meaning for a write.
 * </ul>
 *
 * <p>The law of this room: whatever compares or copies rows runs in a {@code CanonicalTransaction}, and only {@code
 * ServerMessage} turns a server's message into text for an operator.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.sql;

import org.jspecify.annotations.NullMarked;
