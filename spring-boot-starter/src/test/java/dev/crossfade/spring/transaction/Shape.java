package dev.crossfade.spring.transaction;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import java.util.function.Consumer;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How a service may write in transactions; each says what of it is stored in the end and what is not. */
enum Shape {
    COMMITTED(t -> t.own().executeWithoutResult(status -> t.stored())),

    ROLLED_BACK(t -> t.own().executeWithoutResult(status -> {
        t.undone();
        status.setRollbackOnly();
    })),

    WITHIN_AN_OUTER_ONE_THAT_IS_ROLLED_BACK(t -> t.own().executeWithoutResult(outer -> {
        t.undone();
        t.readEverywhere();
        t.own().executeWithoutResult(inner -> {
            t.undone();
            t.auditUndone();
        });
        outer.setRollbackOnly();
    })),

    WITH_A_FAILED_PART(t -> unexpectedlyRolledBack(t, t.own())),

    WITH_A_FAILED_PART_IN_JPA(t -> unexpectedlyRolledBack(t, t.jpa())),

    WITH_A_FAILED_PART_OF_A_MANAGER_THAT_TELLS_NOTHING(t -> unexpectedlyRolledBack(t, t.unknown())),

    WITH_A_FAILED_PART_IN_A_SAVEPOINT(t -> t.own().executeWithoutResult(outer -> {
        t.stored();
        assertThatThrownBy(() ->
                        t.own(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> t.failedPart()))
                .hasMessage("the part failed");
        t.stored();
    })),

    WITH_A_FAILED_PART_IN_A_NEW_ONE(t -> t.own().executeWithoutResult(outer -> {
        t.stored();
        assertThatThrownBy(() -> t.own(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                        .executeWithoutResult(inner -> t.failedPart()))
                .hasMessage("the part failed");
        t.stored();
    })),

    NESTED_AND_ROLLED_BACK_ALONE(t -> t.own().executeWithoutResult(outer -> {
        t.readEverywhere();
        t.stored();
        t.own(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> {
            t.undone();
            nested.setRollbackOnly();
        });
        t.own(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> t.stored());
    })),

    MANDATORY_WITHIN_ANOTHER(t -> t.own().executeWithoutResult(outer -> {
        t.readEverywhere();
        t.own(TransactionDefinition.PROPAGATION_MANDATORY).executeWithoutResult(inner -> t.stored());
    })),

    NEW_WITHIN_ONE_THAT_IS_ROLLED_BACK(t -> t.own().executeWithoutResult(outer -> {
        t.readEverywhere();
        t.undone();
        t.own(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult(inner -> t.stored());
        t.undone();
        outer.setRollbackOnly();
    })),

    OUTSIDE_ONE_THAT_IS_ROLLED_BACK(t -> t.own().executeWithoutResult(outer -> {
        t.undone();
        t.own(TransactionDefinition.PROPAGATION_NOT_SUPPORTED).executeWithoutResult(none -> {
            t.readEverywhere();
            t.stored();
        });
        outer.setRollbackOnly();
    })),

    WITHOUT_ANY_BUT_WITH_SHARED_CONNECTIONS(
            t -> t.own(TransactionDefinition.PROPAGATION_SUPPORTS).executeWithoutResult(none -> {
                t.readEverywhere();
                t.stored();
                none.setRollbackOnly();
            })),

    READ_ONLY(t -> assertThatThrownBy(() -> t.reading().executeWithoutResult(status -> t.undone()))
            .isInstanceOf(CrossfadeException.class)
            .hasStackTraceContaining("read-only")),

    REFUSED_IN_ANOTHER_MANAGERS(t -> t.elsewhere().executeWithoutResult(status -> {
        t.readEverywhere();
        assertThatThrownBy(t::undone)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("crossfade.other-transactions");
    })),

    IGNORING_ANOTHER_MANAGERS(t -> t.elsewhere().executeWithoutResult(status -> {
        t.readEverywhere();
        t.storedWhereOthersAreIgnored();
        status.setRollbackOnly();
    })),

    WITHIN_ANOTHER_MANAGERS(t -> t.elsewhere().executeWithoutResult(outer -> {
        t.readEverywhere();
        t.own().executeWithoutResult(inner -> t.stored());
        outer.setRollbackOnly();
    })),

    WITH_ANOTHER_MANAGERS_INSIDE(t -> {
        t.own()
                .executeWithoutResult(outer -> t.elsewhere().executeWithoutResult(inner -> {
                    t.stored();
                    inner.setRollbackOnly();
                }));
        t.own().executeWithoutResult(outer -> {
            t.elsewhere().executeWithoutResult(inner -> t.undone());
            outer.setRollbackOnly();
        });
    }),

    WITHOUT_SYNCHRONIZATION(t -> t.onAuthority(TransactionalPools.WITHOUT_SYNCHRONIZATION)
            .executeWithoutResult(status -> assertThatThrownBy(t::undone)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("SYNCHRONIZATION_NEVER"))),

    WITHOUT_SYNCHRONIZATION_BUT_IN_PART(t -> t.onAuthority(TransactionalPools.WITHOUT_SYNCHRONIZATION)
            .executeWithoutResult(outer -> t.onAuthority(TransactionalPools.PLAIN)
                    .executeWithoutResult(inner -> assertThatThrownBy(t::undone)
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("SYNCHRONIZATION_NEVER")))),

    WITH_SYNCHRONIZATION_OF_ACTUAL_TRANSACTIONS(t -> {
        t.onAuthority(TransactionalPools.ACTUAL).executeWithoutResult(status -> t.stored());
        t.onAuthority(TransactionalPools.ACTUAL).executeWithoutResult(status -> {
            t.undone();
            status.setRollbackOnly();
        });
    }),

    OF_A_MANAGER_OUTSIDE_THE_CONTEXT(t -> {
        t.unknown().executeWithoutResult(status -> t.stored());
        t.unknown().executeWithoutResult(status -> {
            t.undone();
            status.setRollbackOnly();
        });
    }),

    AFTER_THE_COMMIT(t -> t.own().executeWithoutResult(status -> afterCommit(t::stored))),

    AFTER_THE_COMMIT_OF_A_MANAGER_OUTSIDE_THE_CONTEXT(
            t -> t.unknown().executeWithoutResult(status -> afterCommit(t::stored))),

    IN_PART_AFTER_THE_COMPLETION(t -> t.own()
            .executeWithoutResult(status -> afterCompletion(
                    () -> t.onAuthority(TransactionalPools.PLAIN).executeWithoutResult(part -> t.stored())))),

    OF_JPA(t -> {
        t.jpa().executeWithoutResult(status -> t.stored());
        t.jpa().executeWithoutResult(outer -> {
            t.readEverywhere();
            t.undone();
            outer.setRollbackOnly();
        });
        t.jpa().executeWithoutResult(status -> afterCommit(t::stored));
    }),

    WITHIN_JPA_BY_ANOTHER_MANAGER(t -> t.jpa().executeWithoutResult(outer -> {
        assertThatThrownBy(() -> t.own().executeWithoutResult(inner -> t.undone()))
                .isInstanceOf(RefusedException.class)
                .hasMessageMatching(".*(crossfadeTransactionManager does not know|on one connection).*");
        t.undone();
        outer.setRollbackOnly();
    }));

    /** What it does; without state, which the compiler cannot see. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Consumer<TransactionalPools.Try> body;

    Shape(Consumer<TransactionalPools.Try> body) {
        this.body = body;
    }

    void run(TransactionalPools.Try attempt) {
        body.accept(attempt);
    }

    private static void afterCommit(Runnable callback) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                callback.run();
            }
        });
    }

    private static void afterCompletion(Runnable callback) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                callback.run();
            }
        });
    }

    /** As after a method that is transactional itself and whose exception somebody caught. */
    private static void unexpectedlyRolledBack(TransactionalPools.Try attempt, TransactionTemplate outer) {
        assertThatThrownBy(() -> outer.executeWithoutResult(status -> {
                    attempt.undone();
                    assertThatThrownBy(attempt::failedPart).hasMessage("the part failed");
                    attempt.undone();
                }))
                .isInstanceOf(UnexpectedRollbackException.class);
    }
}
