package dev.crossfade.operate.report;

import java.util.List;

/** What operators did to missed writes, the newest first. */
public record QueueHistoryReport(List<QueueAction> actions) {}
