package dev.crossfade.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContractedParentsTest {

    private static TableMapping boxWith(String... parents) {
        TableMapping.Builder box = TableMapping.table("box")
                .legacy("legacy", "box")
                .modern("modern", "box")
                .key(new Column("id", "integer"), new Column("id", "integer"));
        for (String parent : parents) {
            box.parent(parent);
        }
        return box.build();
    }

    private static TableMapping restored(TableMapping live, TableMapping fleets, Set<String> contracted) {
        return ContractedParents.restored(live, fleets.fingerprint(), contracted);
    }

    @Test
    void aParentWhoseForeignKeyWentWithItIsKnownAgain() {
        assertThat(restored(boxWith("shelf"), boxWith("shelf", "part"), Set.of("part", "user")))
                .isEqualTo(boxWith("shelf", "part"));
        assertThat(restored(boxWith(), boxWith("part", "user"), Set.of("part", "user", "order")))
                .isEqualTo(boxWith("part", "user"));
    }

    @Test
    void servicesThatWereBuiltSinceAreRightToo() {
        assertThat(restored(boxWith("part"), boxWith(), Set.of("part"))).isEqualTo(boxWith());
        assertThat(restored(boxWith("part"), boxWith("part"), Set.of("part"))).isEqualTo(boxWith("part"));
    }

    @Test
    void anyOtherDifferenceStaysOne() {
        assertThat(restored(boxWith(), boxWith("part"), Set.of("user"))).isEqualTo(boxWith());
        TableMapping other = TableMapping.table("box")
                .legacy("legacy", "box")
                .modern("modern", "box")
                .key(new Column("id", "integer"), new Column("id", "bigint"))
                .parent("part")
                .build();
        assertThat(restored(boxWith(), other, Set.of("part"))).isEqualTo(boxWith());
    }

    @Test
    void anEntityIsNotItsOwnParentAndManyAreNotTriedForEver() {
        assertThat(restored(boxWith(), boxWith("box"), Set.of("box"))).isEqualTo(boxWith());
        Set<String> many = IntStream.range(0, 1000).mapToObj(i -> "e" + i).collect(Collectors.toSet());
        assertThat(restored(boxWith(), boxWith("e0"), many)).isEqualTo(boxWith("e0"));
    }
}
