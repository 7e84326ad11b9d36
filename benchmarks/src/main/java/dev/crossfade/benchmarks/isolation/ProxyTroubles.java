package dev.crossfade.benchmarks.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Trouble for a mirror on its own server: a relay on the loopback interface between its clients and the server, which
 * holds back what clients send, or closes their connections.
 */
final class ProxyTroubles implements Troublemaker {

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket entrance;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Trouble trouble = Trouble.HEALTHY;

    /** Creates a relay to a port of this machine. */
    ProxyTroubles(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Returns the port to connect to in place of the server's. */
    int port() {
        return entrance.getLocalPort();
    }

    @Override
    public void begin(Trouble next) {
        become(next);
        if (next == Trouble.REFUSING) {
            sockets.forEach(ProxyTroubles::close);
        }
    }

    @Override
    public void end() {
        become(Trouble.HEALTHY);
    }

    @Override
    public void close() {
        end();
        try {
            entrance.close();
        } catch (IOException e) {
            throw new IllegalStateException("The relay does not close.", e);
        }
        sockets.forEach(ProxyTroubles::close);
    }

    private void become(Trouble next) {
        lock.lock();
        try {
            trouble = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                if (trouble == Trouble.REFUSING) {
                    client.close();
                } else {
                    relay(client);
                }
            } catch (IOException e) {
                // The entrance was closed, or the client has gone already: there is nobody to tell.
            }
        }
    }

    private void relay(Socket client) throws IOException {
        sockets.add(client);
        Socket server = server(client);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pump(client, server, true));
        Thread.ofVirtual().start(() -> pump(server, client, false));
    }

    private Socket server(Socket client) throws IOException {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (IOException e) {
            sockets.remove(client);
            client.close();
            throw e;
        }
    }

    private void pump(Socket from, Socket to, boolean request) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (request) {
                    holdBack();
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One end was closed. Closing both tells the other end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void holdBack() throws InterruptedException {
        switch (trouble) {
            case SLOW -> Thread.sleep(Trouble.SLOW_MILLIS);
            case HUNG -> awaitEnd();
            default -> {
                // continues at once
            }
        }
    }

    private void awaitEnd() throws InterruptedException {
        lock.lock();
        try {
            while (trouble == Trouble.HUNG) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is already closed.
        }
    }
}
