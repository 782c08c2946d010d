package io.evenstock.console;

import io.evenstock.snapshot.RunQuery;
import io.evenstock.snapshot.RunQuery.Order;
import io.evenstock.snapshot.Runs;
import io.evenstock.snapshot.SnapshotRun;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list of runs. What is shown stands in the address, so it can be sent to a colleague. */
@Named
@RequestScoped
public class RunsPage {
    private static final int SIZE = 25;
    private static final int MAX_PAGE = 1_000_000;
    private static final int MAX_TEXT = 200;

    @Inject
    Runs runs;

    @Inject
    HttpServletRequest request;

    @Inject
    Asked asked;

    private Runs.@Nullable Page page;

    private Runs.Page page() {
        if (page == null) {
            page = runs.page(
                    new RunQuery(state(), kind(), getText(), order(), isDescending(), (getNumber() - 1) * SIZE, SIZE));
        }
        return page;
    }

    public List<SnapshotRun> getRuns() {
        return page().runs();
    }

    public long getTotal() {
        return page().total();
    }

    public long getFirst() {
        return getTotal() == 0 ? 0 : (getNumber() - 1L) * SIZE + 1;
    }

    public long getLast() {
        return Math.min(getTotal(), (long) getNumber() * SIZE);
    }

    public int getNumber() {
        return asked.page(MAX_PAGE);
    }

    public boolean isFiltered() {
        return state() != null || kind() != null || !getText().isEmpty();
    }

    public String getText() {
        String text = asked.text("q").strip();
        return text.substring(0, Math.min(MAX_TEXT, text.length()));
    }

    public @Nullable String getState() {
        SnapshotRun.State state = state();
        return state == null ? null : state.name();
    }

    public SnapshotRun.State[] getStates() {
        return SnapshotRun.State.values();
    }

    private SnapshotRun.@Nullable State state() {
        return Arrays.stream(SnapshotRun.State.values())
                .filter(state -> state.name().equals(asked.text("state")))
                .findFirst()
                .orElse(null);
    }

    public @Nullable String getKind() {
        return kind();
    }

    private @Nullable String kind() {
        String kind = asked.text("kind");
        return kind.equals("NIGHTLY") || kind.equals("FEED") ? kind : null;
    }

    private Order order() {
        return Order.of(asked.text("sort")).orElse(Order.RUN);
    }

    public boolean isDescending() {
        return !asked.text("dir").equals("asc");
    }

    /** For the heading of a column: ascending, descending or none. */
    public String sorted(String column) {
        if (!order().text().equals(column)) {
            return "none";
        }
        return isDescending() ? "descending" : "ascending";
    }

    /** The same list, sorted by a column; by the same one again, the other way round. */
    public String sortLink(String column) {
        boolean ascending = order().text().equals(column) && isDescending();
        return link(column, ascending ? "asc" : "desc", 1);
    }

    /** Another page; null: there is none. */
    public @Nullable String pageLink(int step) {
        int number = getNumber() + step;
        boolean there = number >= 1 && (number - 1L) * SIZE < getTotal();
        return there ? link(order().text(), isDescending() ? "desc" : "asc", number) : null;
    }

    private String link(String sort, String direction, int number) {
        return request.getContextPath() + "/console/runs?q=" + URLEncoder.encode(getText(), StandardCharsets.UTF_8)
                + "&state=" + (getState() == null ? "" : getState()) + "&kind=" + (kind() == null ? "" : kind())
                + "&sort=" + sort + "&dir=" + direction + "&page=" + number;
    }
}
