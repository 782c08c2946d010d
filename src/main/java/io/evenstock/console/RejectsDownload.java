package io.evenstock.console;

import io.evenstock.file.Reject;
import io.evenstock.file.RejectsFile;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code /console/rejects?run=7}: the rows that were not taken, safe for a spreadsheet. */
@WebServlet(name = "rejects", urlPatterns = "/console/rejects")
public class RejectsDownload extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Snapshots snapshots;

    @Inject
    transient Asked asked;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<SnapshotRun> run = asked.number("run").flatMap(snapshots::find);
        if (run.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        long runId = run.get().runId();
        List<Reject> rejects = snapshots.rejects(runId, Snapshots.MAX_REJECTS);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"run-" + runId + ".rejects.csv\"");
        RejectsFile.write(response.getOutputStream(), rejects);
    }
}
