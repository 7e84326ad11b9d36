package dev.crossfade.operate.report;

/** How many notes were forgotten. */
public record ForgetReport(int forgotten) {}
