package dev.crossfade.sample.web;

import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.FailureClass;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every error as application/problem+json, without row contents. */
@RestControllerAdvice
class ErrorResponses extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    @ExceptionHandler
    ProblemDetail notFound(NotFoundException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidRequestException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
        problem.setProperty("problems", e.problems());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail refused(RefusedException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, e.getMessage());
    }

    @ExceptionHandler({
        UnavailableException.class,
        CannotCreateTransactionException.class,
        StageMovedException.class,
        HeartbeatLostException.class
    })
    ProblemDetail unavailable(RuntimeException e) {
        LOG.warn("A request was turned away.", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The database cannot be written now. Try again.");
    }

    /** Answers the failure of a statement or a commit; Spring reports the latter as an exception of its own. */
    @ExceptionHandler({StatementException.class, DataAccessException.class})
    ProblemDetail refusedByDatabase(RuntimeException e) {
        String state = FailureClass.sqlState(e);
        return switch (state) {
            case "23505" ->
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.CONFLICT, "Another record has the same e-mail address or reference.");
            case "23503" ->
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.CONFLICT, "The user that the order refers to is missing, or still has orders.");
            default -> {
                LOG.error("A statement failed.", e);
                yield ProblemDetail.forStatusAndDetail(
                        state.startsWith("22") || state.startsWith("23")
                                ? HttpStatus.UNPROCESSABLE_CONTENT
                                : HttpStatus.INTERNAL_SERVER_ERROR,
                        "The database refused the statement (SQLSTATE %s).".formatted(state));
            }
        };
    }
}
