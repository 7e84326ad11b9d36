package dev.crossfade.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/**
 * A local port that leads to a server which a test can exchange, as a failover does for its clients: their
 * connections break, and new ones reach another server. Safe for many threads.
 */
final class Relay implements AutoCloseable {

    private static final int NOWHERE = 0;

    private final ServerSocket entrance;
    private final Set<Socket> open = new HashSet<>();
    private int target;

    private Relay(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    /** Opens a port that leads to a server's. */
    static Relay to(int port) {
        try {
            return new Relay(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), port);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no free port.", e);
        }
    }

    /** Returns the port that clients connect to. */
    int port() {
        return entrance.getLocalPort();
    }

    /** Breaks all connections; new ones are refused until it leads somewhere again. */
    void cut() {
        leadTo(NOWHERE);
    }

    /** Breaks all connections; new ones reach another server. */
    synchronized void leadTo(int port) {
        target = port;
        open.forEach(Relay::end);
        open.clear();
    }

    @Override
    public void close() {
        cut();
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The port does not close.", e);
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                // Closed; or the server does not answer, as its client has seen.
                continue;
            }
        }
    }

    private synchronized void connect(Socket client) throws IOException {
        open.add(client);
        if (target == NOWHERE) {
            end(client);
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> copy(client, server));
            Thread.ofVirtual().start(() -> copy(server, client));
        } catch (IOException e) {
            end(client);
            throw e;
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One of the two connections has ended, and so the other one ends.
            return;
        } finally {
            forget(from);
            forget(to);
        }
    }

    private synchronized void forget(Socket socket) {
        open.remove(socket);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The connection does not close.", e);
        }
    }
}
