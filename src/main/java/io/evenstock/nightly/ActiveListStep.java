package io.evenstock.nightly;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;

/** 01:00, the list: compiles what is sold online into a file kept on the server. */
@ApplicationScoped
class ActiveListStep implements Step {
    @Inject
    ActiveLists lists;

    @Inject
    Cycles cycles;

    @Override
    public StepName name() {
        return StepName.LIST;
    }

    @Override
    public StepResult run(Claim claim) throws IOException {
        ActiveList list = lists.compile(claim.businessDate());
        // Asked just before the file takes its name: another node may have written it meanwhile, from a younger
        // catalog.
        long bytes = lists.write(list, () -> cycles.whileHeld(claim, () -> {}));
        return new StepResult(
                null,
                list.entries(),
                list.entries(),
                0,
                bytes,
                null,
                List.of(new CycleFile("", list.fileName(), list.sha256(), bytes)),
                () -> lists.keep(list),
                () -> {});
    }
}
