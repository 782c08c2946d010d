package io.evenstock.system;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody at the console without a browser: any address and any form, with a session's cookie. */
final class Person {
    private static final String COOKIE = "evenstock-session=";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final RawClient server;
    private final String name;
    private final String password;
    private String cookie = "";

    private Person(RawClient server, String name, String password) {
        this.server = server.withKey(null);
        this.name = name;
        this.password = password;
    }

    /** Somebody new, who has logged in. */
    static Person made(RawClient admin, String name, String role) throws IOException {
        HttpResponse<String> made =
                admin.call("POST", "/api/users", "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(name, role));
        if (made.statusCode() != 201) {
            throw new IOException(made.statusCode() + " " + made.body());
        }
        Person person = new Person(admin, name, RawClient.json(made).getString("password"));
        person.login();
        return person;
    }

    /** Somebody who has no session. */
    static Person stranger(RawClient server) {
        return new Person(server, "", "");
    }

    String name() {
        return name;
    }

    private void login() throws IOException {
        HttpResponse<String> answer = tryLogin(name, password);
        if (answer.statusCode() != 302) {
            throw new IOException(name + " was not let in: " + answer.statusCode());
        }
    }

    /** In a new session. */
    HttpResponse<String> tryLogin(String user, String secret, String... headers) throws IOException {
        cookie = "";
        ConsoleForm form = ConsoleForm.in(
                        once("GET", "/console/login", null, headers).body())
                .get(0);
        return once(
                "POST",
                form.action(),
                form.typed("login:name", user).typed("login:password", secret).sent("login:submit"),
                headers);
    }

    /** By GET. */
    HttpResponse<String> go(String address) throws IOException {
        return ask("GET", address, null);
    }

    /** The forms of a page. */
    List<ConsoleForm> forms(String address) throws IOException {
        return ConsoleForm.in(go(address).body());
    }

    HttpResponse<String> send(ConsoleForm form, String button) throws IOException {
        return ask("POST", form.action(), form.sent(button));
    }

    /** A session that is over begins anew. */
    private HttpResponse<String> ask(String method, String address, @Nullable String body) throws IOException {
        HttpResponse<String> answer = once(method, address, body);
        if (!name.isEmpty() && leadsToLogin(answer)) {
            login();
            return once(method, address, body);
        }
        return answer;
    }

    static boolean leadsToLogin(HttpResponse<String> answer) {
        return answer.statusCode() == 302
                && RawClient.header(answer, "Location").endsWith("/console/login");
    }

    /** Whether the session lives. */
    boolean isIn() throws IOException {
        return once("GET", "/console/pulse", null).statusCode() == 200;
    }

    private HttpResponse<String> once(String method, String address, @Nullable String body, String... further)
            throws IOException {
        String[] headers = new String[further.length + 4];
        headers[0] = "Cookie";
        headers[1] = cookie;
        headers[2] = "Content-Type";
        headers[3] = FORM;
        System.arraycopy(further, 0, headers, 4, further.length);
        HttpResponse<String> answer = server.call(method, address, body, headers);
        answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(COOKIE))
                .forEach(each -> cookie = each.replaceFirst(";.*", ""));
        return answer;
    }
}
