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
 * Translates database errors into Spring's exceptions. The classes are those of Spring's own translation by SQLSTATE,
 * so that one rule for {@code @Retryable} serves repositories and a {@code JdbcTemplate}. The cause is Crossfade's or
 * jOOQ's exception. Generated repositories throw them without help; the bean serves classes annotated with
 * {@code @Repository}.
 *
 * <p>Exceptions that say more than any of Spring's are not translated: {@link StageMovedException} and
 * {@link dev.crossfade.model.HeartbeatLostException}, after which the transaction is retried, and refusals. Nor are
 * errors from the service's own triggers, which {@link StatementException#sqlState()} distinguishes. Thread-safe.
 */
public final class CrossfadeExceptionTranslator implements PersistenceExceptionTranslator {

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
        return failure instanceof CrossfadeException && translated(failure) instanceof DataAccessException translated
                ? translated
                : null;
    }

    /** Returns Spring's exception for a failure, or the failure itself if there is none. */
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

    /** Returns the first line only. The rest of the server's message quotes the row, and stays in the causes. */
    private static String message(RuntimeException failure) {
        return failure instanceof CrossfadeException
                ? String.valueOf(failure.getMessage())
                : "A statement failed (SQLSTATE %s)."
                        .formatted(sqlState(failure).orElse("unknown"));
    }
}
