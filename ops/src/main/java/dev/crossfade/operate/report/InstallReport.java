package dev.crossfade.operate.report;

/** Whether there was no control schema before. */
public record InstallReport(boolean created) {}
