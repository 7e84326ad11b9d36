package dev.crossfade.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 64})
    void noTwoWritersShareAGroupAndNoneOwnsAHotOne(int writers) {
        Random random = new Random(1);
        Set<Group> taken = new HashSet<>();
        for (int writer = 0; writer < writers; writer++) {
            Share share = new Share(500, writer, writers);
            Set<Group> own = new HashSet<>();
            for (int i = 0; i < 2_000; i++) {
                own.add(share.pick(random));
            }
            assertThat(own).noneMatch(Group::isHot).noneMatch(taken::contains);
            taken.addAll(own);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 17, 1_000_000})
    void aGroupFindsItsMembersBack(long number) {
        Group group = new Group(number);

        assertThat(Group.ofUser(group.loner())).isEqualTo(group);
        assertThat(Group.ofUser(group.customer())).isEqualTo(group);
        assertThat(Group.ofOrder(group.order(0))).isEqualTo(group);
        assertThat(Group.ofOrder(group.order(1))).isEqualTo(group);
    }
}
