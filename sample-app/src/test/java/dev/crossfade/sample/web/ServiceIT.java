package dev.crossfade.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageLog;
import dev.crossfade.model.Stage;
import dev.crossfade.sample.SampleApplication;
import dev.crossfade.sample.storage.Repositories;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        classes = SampleApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"CONSOLE_USER=grace", "CONSOLE_PASSWORD=hopper"})
class ServiceIT {

    @LocalServerPort
    private int port;

    @Autowired
    private Repositories repositories;

    @Autowired
    private DataSource database;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void aUserIsSavedFoundChangedAndDeleted() throws Exception {
        HttpResponse<String> saved = send(
                "PUT",
                "/users/9001",
                "{\"email\": \" Ada@Example.ORG \", \"fullName\": \"Ada  Lovelace\", \"status\": \"active\"}");
        assertThat(saved.statusCode()).isEqualTo(200);

        JsonNode found = json(send("GET", "/users?email=ADA@example.org", ""));
        assertThat(found.get("id").asLong()).isEqualTo(9001);
        assertThat(found.get("fullName").asString()).isEqualTo("Ada Lovelace");

        JsonNode changed = json(send("PATCH", "/users/9001", "{\"status\": \"blocked\", \"fullName\": \"Ada King\"}"));
        assertThat(changed.get("status").asString()).isEqualTo("blocked");
        assertThat(changed.get("fullName").asString()).isEqualTo("Ada King");

        assertThat(send("DELETE", "/users/9001", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/users/9001", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aUserAndTheirOrdersAreSavedTogetherOrNotAtAll() throws Exception {
        String both = """
                {"user": {"email": "with@orders.org"},
                 "orders": [{"id": 9101, "reference": "a-1", "amount": 1.005}, {"id": 9102, "reference": "%s", "amount": 2}]}
                """;

        assertThat(send("POST", "/users/9100/orders", both.formatted("A-1")).statusCode())
                .isEqualTo(409);
        assertThat(send("GET", "/users/9100", "").statusCode()).isEqualTo(404);

        assertThat(send("POST", "/users/9100/orders", both.formatted("a-2")).statusCode())
                .isEqualTo(200);
        JsonNode order = json(send("GET", "/orders?reference=a-1", ""));
        assertThat(order.get("userId").asLong()).isEqualTo(9100);
        assertThat(order.get("amount").decimalValue()).isEqualByComparingTo("1.01");
        assertThat(json(send("PATCH", "/orders/9101", "{\"surcharge\": 2}"))
                        .get("amount")
                        .decimalValue())
                .isEqualByComparingTo("3.01");
    }

    @Test
    void pagesGoOnAfterAKey() throws Exception {
        JsonNode page = json(send("GET", "/users?after=10&limit=3", ""));

        assertThat(page.valueStream().map(user -> user.get("id").asLong())).containsExactly(11L, 12L, 13L);
    }

    @Test
    void everythingWrongWithARequestIsAnsweredAtOnceAsAProblem() throws Exception {
        HttpResponse<String> answer = send(
                "POST",
                "/users/batch",
                "[{\"id\": 9200, \"email\": \"no\", \"status\": \"odd\"}, {\"email\": \"a@b.c\"}]");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(json(answer).get("problems").propertyNames())
                .containsExactlyInAnyOrder("[0].email", "[0].status", "[1].id");
    }

    @Test
    void brokenJsonIsAProblemToo() throws Exception {
        HttpResponse<String> answer = send("PUT", "/users/9300", "{");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @Test
    void theConsoleShowsTheFlagsAndTheMetersAreExposed() throws Exception {
        repositories
                .crossfade()
                .stages()
                .change(new StageChanger.Request(
                        List.of("user", "order"), Stage.LEGACY_ONLY, new StageLog.Author("test", null), false));
        assertThat(send("GET", "/togglz-console/index", "").body()).contains("user.dual-write", "order.legacy-off");
        assertThat(send("GET", "/togglz-console/" + editLink("user.modern-read"), "")
                        .body())
                .contains("Crossfade ramp", "Share in per cent", "Always on for");
        send("GET", "/users/1", "");
        assertThat(send("GET", "/actuator/prometheus", "").body()).contains("crossfade_reads");
        JsonNode health = json(send("GET", "/actuator/health", ""));
        assertThat(health.get("status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/crossfade/details/stages/user").asString())
                .isEqualTo("legacy-only");
        assertThat(json(send("GET", "/actuator/crossfade/order", ""))
                        .get("stage")
                        .asString())
                .isEqualTo("legacy-only");
        assertThat(send("GET", "/actuator/crossfade/invoice", "").statusCode()).isEqualTo(404);
    }

    /** The console admits only links that it has handed out itself. */
    private String editLink(String flag) throws Exception {
        String index = send("GET", "/togglz-console/index", "").body();
        return Pattern.compile("edit\\?f=" + Pattern.quote(flag) + "[^\"']*")
                .matcher(index)
                .results()
                .map(found -> found.group().replace("&amp;", "&"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theConsoleAsksWhoYouAreAndRecordsItWithTheChange() throws Exception {
        assertThat(send("GET", "/togglz-console/index", "", "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/togglz-console/index", "", "grace:wrong").statusCode())
                .isEqualTo(401);
        assertThat(send("POST", "/togglz-console/edit", "f=user.dual-write&enabled=enabled", "")
                        .statusCode())
                .isEqualTo(401);
        repositories
                .crossfade()
                .stages()
                .change(new StageChanger.Request(
                        List.of("user", "order"), Stage.LEGACY_ONLY, new StageLog.Author("test", null), false));

        String form = send("GET", "/togglz-console/" + editLink("user.dual-write"), "")
                .body();
        String hidden = Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")
                .matcher(form)
                .results()
                .map(field -> field.group(1) + "=" + URLEncoder.encode(field.group(2), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        send("POST", "/togglz-console/edit", hidden + "&enabled=enabled", "grace:hopper");

        Awaitility.await().until(() -> repositories.crossfade().stage("user") == Stage.DUAL_WRITE);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet last = statement.executeQuery(
                        "select changed_by from crossfade.stage_change where entity = 'user' order by id desc limit 1")) {
            assertThat(last.next()).isTrue();
            assertThat(last.getString(1)).isEqualTo("grace");
        }
    }

    @Test
    void nobodyOnTheNetworkReachesIt() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        assumeThat(others).as("addresses other than loopback").isNotEmpty();

        assertThat(others)
                .allSatisfy(address -> assertThatThrownBy(() -> new Socket(address, port).close())
                        .isInstanceOf(ConnectException.class));
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(method, path, body, path.startsWith("/togglz-console") ? "grace:hopper" : "");
    }

    private HttpResponse<String> send(String method, String path, String body, String login)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header(
                        "Content-Type",
                        body.startsWith("f=") || body.contains("&enabled=")
                                ? "application/x-www-form-urlencoded"
                                : "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!login.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
