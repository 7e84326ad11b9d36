/**
 * The stage of each entity as an instance sees it. {@code StagePoller} keeps an immutable {@code StageSnapshot} and
 * the instance's heartbeat up to date, and routing reads the snapshot through {@code Stages}. {@code FirstStage}
 * decides at which stage an instance starts, {@code Lease} how long it may write without a heartbeat. Uses {@code
 * flags}, {@code fleet}, {@code mapping}, {@code control}, {@code sql}, {@code model} and {@code time}.
 *
 * <p>For services and operators: {@code EntityStage}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.stages;

import org.jspecify.annotations.NullMarked;
