/**
 * What the desk says: records of plain values, one for each command. Their components are the fields of the JSON that
 * {@code --output json} prints, in this order; a field that is renamed or moved breaks somebody's script, and a test holds
 * them against files. Start at {@link dev.crossfade.operate.report.StatusReport}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.operate.report;

import org.jspecify.annotations.NullMarked;
