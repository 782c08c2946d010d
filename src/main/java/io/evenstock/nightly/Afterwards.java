package io.evenstock.nightly;

import java.io.IOException;

/** What is tidied up after a step's commit. */
@FunctionalInterface
interface Afterwards {
    void run() throws IOException;
}
