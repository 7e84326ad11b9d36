package dev.crossfade.benchmarks.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyTroublesTest {

    private final ServerSocket echo = echo();
    private final ProxyTroubles relay = new ProxyTroubles(echo.getLocalPort());

    ProxyTroublesTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        relay.close();
        echo.close();
    }

    @Test
    void passesOnWhatBothEndsSay() throws IOException {
        try (Socket client = client()) {
            assertThat(answer(client, 7)).isEqualTo(7);
        }
    }

    @Test
    void holdsBackWhileHungAndPassesItOnAfterwards() throws IOException {
        try (Socket client = client()) {
            relay.begin(Trouble.HUNG);
            client.setSoTimeout(50);
            assertThatThrownBy(() -> answer(client, 7)).isInstanceOf(SocketTimeoutException.class);

            relay.end();

            client.setSoTimeout(0);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void closesConnectionsWhileRefusingAndTakesNewOnesAfterwards() throws IOException {
        try (Socket client = client()) {
            assertThat(answer(client, 7)).isEqualTo(7);
            relay.begin(Trouble.REFUSING);
            assertThat(isClosed(client)).isTrue();
            try (Socket next = client()) {
                assertThat(isClosed(next)).isTrue();
            }
            relay.end();
            try (Socket next = client()) {
                assertThat(answer(next, 8)).isEqualTo(8);
            }
        }
    }

    private Socket client() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }

    private static int answer(Socket client, int question) throws IOException {
        client.getOutputStream().write(question);
        return client.getInputStream().read();
    }

    private static boolean isClosed(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static ServerSocket echo() throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException e) {
                            // The client has gone.
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
        return server;
    }
}
