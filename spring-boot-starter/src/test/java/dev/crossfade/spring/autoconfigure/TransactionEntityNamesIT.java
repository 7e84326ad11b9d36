package dev.crossfade.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.Crossfade;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.spring.SpringService;
import dev.crossfade.testing.TextRecords;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.util.TestPropertyValues;

/** {@code crossfade.transaction-entities}: what it names must be there, and is told to the fleet. */
class TransactionEntityNamesIT {

    @ParameterizedTest
    @EnumSource
    void aNameThatIsNoEntityIsReportedAtTheStart(Topology topology) {
        try (World world = new World(topology)) {
            assertThatThrownBy(() -> new SpringService(
                            world,
                            topology,
                            context -> TestPropertyValues.of("crossfade.transaction-entities=user,usr,invoice")
                                    .applyTo(context)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "crossfade.transaction-entities names 'usr', and there is no such entity. Did you mean 'user'?"
                                    + " crossfade.transaction-entities names 'invoice', and there is no such entity. The entities are: user.");
        }
    }

    /** A repository that is made later may be the one that is meant. */
    @Test
    void aNameWhoseRepositoryIsStillToBeMadeIsNotRefused() {
        try (World world = new World(Topology.TWO_DATABASES);
                SpringService service = new SpringService(world, Topology.TWO_DATABASES, context -> {
                    TestPropertyValues.of("crossfade.transaction-entities=user,invoice")
                            .applyTo(context);
                    context.registerBean(
                            "later",
                            DualWriteUsers.class,
                            () -> new DualWriteUsers(
                                    context.getBean(Crossfade.class).routing()),
                            definition -> {
                                definition.setLazyInit(true);
                                definition.setAutowireCandidate(false);
                            });
                })) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(
                                    new EntityGroups(world.databases().controlDsl()).inForce(Duration.ofHours(1)))
                            .extracting(EntityGroups.Group::entities)
                            .containsExactly(new TreeSet<>(Set.of("invoice", "user"))));
            assertThat(service.crossfade().mappings()).hasSize(1);
        }
    }

    /**
     * Transactions are begun for all entities then, and refused as soon as these have their authority on different
     * sides.
     */
    @Test
    void withoutNamesAllEntitiesMoveTogetherOnceATransactionHasBegun() {
        Column note = new Column("note", "text");
        TableMapping notes = TableMapping.table("note")
                .legacy("legacy", "notes")
                .modern("modern", "notes")
                .key(new Column("id", "text"), new Column("id", "text"))
                .project(note, "note")
                .restore(note, "note")
                .build();
        try (World world = new World(Topology.TWO_DATABASES)) {
            world.legacy().execute("create table legacy.notes (id text primary key, note text)");
            world.modern().execute("create table modern.notes (id text primary key, note text)");
            try (SpringService service = new SpringService(
                    world,
                    Topology.TWO_DATABASES,
                    context -> context.registerBean(
                            TextRecords.class,
                            () -> new TextRecords(
                                    context.getBean(Crossfade.class).routing(), notes)))) {
                EntityGroups groups = new EntityGroups(world.databases().controlDsl());
                assertThat(groups.inForce(Duration.ofHours(1))).isEmpty();

                service.transactions()
                        .executeWithoutResult(status -> service.users().find(1L));

                Awaitility.await()
                        .untilAsserted(() -> assertThat(groups.inForce(Duration.ofHours(1)))
                                .extracting(EntityGroups.Group::entities, EntityGroups.Group::declared)
                                .containsExactly(tuple(new TreeSet<>(Set.of("note", "user")), true)));
            }
        }
    }
}
