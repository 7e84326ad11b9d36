package dev.crossfade.spring.transaction;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.dao.support.PersistenceExceptionTranslator;

/**
 * Says what the databases refuse in Spring's exceptions. The classes are those of Spring's own translation by SQLSTATE,
 * so that one recipe for {@code @Retryable} serves repositories and a {@code JdbcTemplate}; the cause is Crossfade's or
 * jOOQ's exception. Repositories throw them by themselves; as a bean it serves what is annotated with
 * {@code @Repository}.
 *
 * <p>Exceptions that say more than any of Spring's stay what they are: {@link StageMovedException} and
 * {@link dev.crossfade.model.HeartbeatLostException}, after which a transaction is run again, and refusals. So do
 * errors that a trigger of the service's own raises, which {@link StatementException#sqlState()} tells apart.
 * Thread-safe.
 */
public final class CrossfadeExceptionTranslator implements PersistenceExceptionTranslator {

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
        return failure instanceof CrossfadeException && translated(failure) instanceof DataAccessException translated
                ? translated
                : null;
    }

    /** Returns Spring's exception for a failure, or the failure where there is none. */
    static RuntimeException translated(RuntimeException failure) {
        if (failure instanceof UnavailableException) {
            return failure.getCause() instanceof StageMovedException
                    ? new TransientDataAccessResourceException(message(failure), failure)
                    : new DataAccessResourceFailureException(message(failure), failure);
        }
        if (failure instanceof StatementException statement) {
            return of(statement.sqlState(), failure)
                    .<RuntimeException>map(one -> one)
                    .orElse(failure);
        }
        if (failure instanceof org.jooq.exception.DataAccessException) {
            return sqlState(failure)
                    .flatMap(state -> of(state, failure))
                    .<RuntimeException>map(one -> one)
                    .orElse(failure);
        }
        return failure;
    }

    private static Optional<String> sqlState(Throwable failure) {
        Throwable cause = failure.getCause();
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return cause instanceof SQLException sql ? Optional.ofNullable(sql.getSQLState()) : Optional.empty();
    }

    private static Optional<DataAccessException> of(String state, RuntimeException failure) {
        String message = message(failure);
        return Optional.ofNullable(
                switch (state) {
                    case SqlState.UNIQUE_VIOLATION -> new DuplicateKeyException(message, failure);
                    case SqlState.SERIALIZATION_FAILURE, SqlState.LOCK_NOT_AVAILABLE ->
                        new CannotAcquireLockException(message, failure);
                    case SqlState.QUERY_CANCELED -> new QueryTimeoutException(message, failure);
                    default -> ofClass(state.length() < 2 ? "" : state.substring(0, 2), message, failure);
                });
    }

    private static @Nullable DataAccessException ofClass(String stateClass, String message, RuntimeException failure) {
        return switch (stateClass) {
            case "22", "23", "27", "44" -> new DataIntegrityViolationException(message, failure);
            case "40" -> new PessimisticLockingFailureException(message, failure);
            case "08", "53", "57", "58" -> new DataAccessResourceFailureException(message, failure);
            case "21", "42" -> new InvalidDataAccessResourceUsageException(message, failure);
            default -> null;
        };
    }

    /** Only the first line: what follows in the server's message quotes the row, and is left to the causes. */
    private static String message(RuntimeException failure) {
        return failure instanceof CrossfadeException
                ? String.valueOf(failure.getMessage())
                : "A statement failed (SQLSTATE %s)."
                        .formatted(sqlState(failure).orElse("unknown"));
    }
}
