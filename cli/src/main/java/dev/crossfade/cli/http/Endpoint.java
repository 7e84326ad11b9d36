package dev.crossfade.cli.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.time.DaemonThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A small web server that answers {@code GET} for a few fixed paths. It has no login and no encryption, so bind it to
 * this machine, or to a network that may see the answers. Thread-safe.
 */
public final class Endpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final int THREADS = 2;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Supplier<Answer>> paths;
    private final Map<String, TroubleLog> troubles;

    /**
     * A response.
     *
     * @param status the HTTP status
     * @param type the content type
     */
    public record Answer(int status, String type, String body) {}

    private Endpoint(HttpServer server, Map<String, Supplier<Answer>> paths) {
        this.server = server;
        this.paths = Map.copyOf(paths);
        this.troubles = paths.keySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        path -> path, path -> new TroubleLog(LOG, "%s is answered again.".formatted(path))));
        this.threads = Executors.newFixedThreadPool(THREADS, DaemonThread.factory("crossfade-http"));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Starts a server.
     *
     * @param address where to listen; port 0 for any free port
     * @param paths the answer for each path
     * @throws UnavailableException if the address cannot be listened on
     */
    public static Endpoint start(InetSocketAddress address, Map<String, Supplier<Answer>> paths) {
        InetSocketAddress resolved =
                address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        try {
            return new Endpoint(HttpServer.create(resolved, 0), paths);
        } catch (IOException e) {
            throw new UnavailableException(
                    "Nobody can listen on %s:%s: %s. Give --http another host or port."
                            .formatted(
                                    address.getHostString(),
                                    address.getPort(),
                                    resolved.isUnresolved() ? "the host's name is not known" : e.getMessage()),
                    e);
        }
    }

    /** Returns the URL where it listens. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return "http://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer =
                    answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            boolean withoutBody = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(answer.status(), withoutBody ? -1 : body.length);
            if (!withoutBody) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(String method, String path) {
        Supplier<Answer> known = paths.get(path);
        if (known == null) {
            return new Answer(NOT_FOUND, PLAIN, "There is nothing at this path.\n");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return new Answer(NOT_ALLOWED, PLAIN, "Only GET is answered.\n");
        }
        TroubleLog trouble = Objects.requireNonNull(troubles.get(path));
        try {
            Answer answer = known.get();
            trouble.succeeded();
            return answer;
        } catch (RuntimeException e) {
            trouble.failed(Level.WARN, "%s cannot be answered.".formatted(path), e);
            return new Answer(FAILED, PLAIN, "The answer failed; see the log.\n");
        }
    }
}
