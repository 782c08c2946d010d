package io.evenstock.lab;

/** The API answered, but not with success. The message says what was asked and the problem's detail. */
public final class ApiRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    ApiRefusal(String asked, Answer answer) {
        super("%s: %d %s".formatted(asked, answer.status(), answer.problem()));
        this.status = answer.status();
    }

    public int status() {
        return status;
    }
}
