package dev.crossfade.spring.autoconfigure;

import java.util.Objects;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to set when the data sources cannot be told apart, in place of a stack trace. */
final class DataSourceChoiceFailureAnalyzer extends AbstractFailureAnalyzer<DataSourceChoiceException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DataSourceChoiceException cause) {
        String message = Objects.requireNonNull(cause.getMessage());
        String finding =
                message.substring(0, message.length() - cause.remedy().length()).strip();
        return new FailureAnalysis(finding, cause.remedy(), cause);
    }
}
