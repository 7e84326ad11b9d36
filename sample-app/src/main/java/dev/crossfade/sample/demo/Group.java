package dev.crossfade.sample.demo;

/**
 * Four records that belong together: a user without orders, a user with two orders, and these orders. Records of
 * different groups never refer to each other, so a writer that has a group to itself knows what every read of it must
 * return.
 *
 * @param number the group's number, from 1
 */
record Group(long number) {

    /** How many groups all writers use. */
    static final int HOT = 16;

    /** How many of the hot groups have orders that are only ever counted up. */
    static final int COUNTED = 4;

    /** Returns the group of a user. */
    static Group ofUser(long user) {
        return new Group((user + 1) / 2);
    }

    /** Returns the group of an order. */
    static Group ofOrder(long order) {
        return new Group((order + 1) / 2);
    }

    /** Returns the user who never has orders and may be deleted and saved again. */
    long loner() {
        return 2 * number - 1;
    }

    /** Returns the user to whom the orders refer. */
    long customer() {
        return 2 * number;
    }

    /** Returns one of the two orders. */
    long order(int which) {
        return 2 * number - 1 + which;
    }

    /** Tells whether all writers use the group. */
    boolean isHot() {
        return number <= HOT;
    }
}
