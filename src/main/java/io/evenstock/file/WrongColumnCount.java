package io.evenstock.file;

/** What becomes of a record that has more or fewer columns than the header. */
public enum WrongColumnCount {
    /** The whole file is malformed. */
    REFUSE_FILE,
    /** The record is counted as refused and reported; the others go on. */
    REFUSE_RECORD
}
