package dev.crossfade.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.crossfade.cli.terminal.PlainText;
import dev.crossfade.sql.ConnectionUrl;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

/** Writes each log event as one JSON object on a line: time, level, message, and subject. */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final boolean traces;

    /** Creates an encoder that adds stack traces, or leaves them out as the text form does. */
    JsonLines(boolean traces) {
        this.traces = traces;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("message", ConnectionUrl.withoutSecretsIn(event.getFormattedMessage()));
        @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.putIfAbsent(pair.key, pair.value));
        }
        if (traces && event.getThrowableProxy() != null) {
            line.put("trace", ConnectionUrl.withoutSecretsIn(ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
        return (PlainText.json(MAPPER.writeValueAsString(line)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
