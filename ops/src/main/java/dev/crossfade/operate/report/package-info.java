/**
 * The operator's reports: records of plain values, one for each command. Their components are the fields of the JSON
 * that {@code --output json} prints, in this order; renaming or moving a field breaks somebody's script, so a test
 * compares them with files. Start at {@link dev.crossfade.operate.report.StatusReport}.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.operate.report;

import org.jspecify.annotations.NullMarked;
