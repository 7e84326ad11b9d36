package dev.crossfade.sample.demo;

import dev.crossfade.sample.storage.Repositories;
import java.util.Random;

/**
 * What one writer works with.
 *
 * @param repositories the service's repositories, shared by all writers
 * @param random the writer's own random numbers
 * @param records creates the records that the writer saves
 * @param ledger where everything is counted
 */
record Workplace(Repositories repositories, Random random, RandomRecords records, Ledger ledger) {}
