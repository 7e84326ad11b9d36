/**
 * The migration runner. Start at {@code SchemaRunner}: it reads the history, refuses what can be refused before the
 * first statement, takes the runner's lock, and runs each file.
 *
 * <p>The way of a file: {@code schema.file} has read it; {@code Comparison} compares the folder with the history;
 * {@code StageGate} objects to destroying rows that somebody needs; {@code ScriptExecution} runs its statements on the
 * database of its side, in one transaction where possible, and {@code History} records them with it.
 *
 * <p>The law: a migration and its record commit together, or each statement is recorded by itself, so that the next
 * run can tell what was done. Uses {@code schema.file}, the core's {@code flags}, {@code gate}, {@code queue},
 * {@code control}, {@code sql} and {@code model}.
 *
 * <p>For services and operators: {@code DestructionGate}, {@code MigrationFailedException}, {@code MigrationRun},
 * {@code MigrationStatus}, {@code SchemaListener}, {@code SchemaRunner}, {@code SchemaSettings}, {@code
 * StageGate}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.schema;

import org.jspecify.annotations.NullMarked;
