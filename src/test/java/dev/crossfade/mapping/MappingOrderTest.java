package dev.crossfade.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MappingOrderTest {

    @Test
    void parentsComeFirstHoweverTheyAreGiven() {
        TableMapping line = entity("line", "order", "article");
        TableMapping order = entity("order", "user");
        TableMapping user = entity("user");
        TableMapping article = entity("article");

        assertThat(order(line, order, user, article)).containsExactly("article", "user", "order", "line");
        assertThat(order(user, article, line, order)).containsExactly("article", "user", "order", "line");
    }

    @Test
    void aParentThatIsNotServedHereIsLeftOut() {
        assertThat(order(entity("order", "user"))).containsExactly("order");
    }

    @Test
    void aCircleIsCutSomewhereAndEverybodyIsThereOnce() {
        assertThat(order(entity("a", "b"), entity("b", "c"), entity("c", "a"), entity("d", "d")))
                .containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    private static List<String> order(TableMapping... mappings) {
        return MappingOrder.parentsFirst(List.of(mappings)).stream()
                .map(TableMapping::entity)
                .toList();
    }

    private static TableMapping entity(String name, String... parents) {
        TableMapping.Builder builder =
                TableMapping.table(name).legacy("l", name).modern("m", name);
        for (String parent : parents) {
            builder.parent(parent);
        }
        return builder.build();
    }
}
