package dev.crossfade.sample.demo;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/**
 * The groups that one writer has to itself: every n-th of the loaded ones, and of those that never existed, with n
 * writers.
 *
 * @param loadedGroups how many groups the data set has
 * @param writer the writer's number, from 0
 * @param writers how many writers there are
 */
record Share(long loadedGroups, int writer, int writers) {

    private static final int FAVOURITES = 100;

    /** Returns a group: mostly one of a few frequent ones, sometimes any other. */
    Group pick(Random random) {
        int chance = random.nextInt(10);
        if (chance < 5) {
            return loaded(random.nextInt(FAVOURITES) * owned() / FAVOURITES);
        }
        return chance < 8 ? fresh(random.nextInt(FAVOURITES)) : loaded(random.nextLong(owned()));
    }

    /** Returns a few different groups. */
    Set<Group> pickSome(Random random) {
        Set<Group> groups = new LinkedHashSet<>();
        int wanted = 2 + random.nextInt(10);
        while (groups.size() < wanted) {
            groups.add(pick(random));
        }
        return groups;
    }

    private long owned() {
        return (loadedGroups - Group.HOT - writer + writers - 1) / writers;
    }

    private Group loaded(long index) {
        return new Group(Group.HOT + 1 + writer + writers * index);
    }

    private Group fresh(long index) {
        return new Group(loadedGroups + 1 + writer + writers * index);
    }
}
