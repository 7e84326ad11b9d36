package dev.crossfade.operate.report;

import java.util.List;

/** The operators' actions on missed writes, the newest first. */
public record QueueHistoryReport(List<QueueAction> actions) {}
