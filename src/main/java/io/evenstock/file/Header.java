package io.evenstock.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The columns of a file, found by name without regard to case and to blanks around it. */
final class Header {

    private static final int MAX_SHOWN_CHARS = 500;

    private final Records records;
    private final List<String> names;

    private Header(Records records, List<String> names) {
        this.records = records;
        this.names = names;
    }

    /** Takes the first record as the header. */
    static Header of(Records records) throws IOException, MalformedFileException {
        if (!records.next()) {
            throw new MalformedFileException(1, -1, "no header: there is nothing but blank lines");
        }
        records.checkUtf8();
        List<String> names = new ArrayList<>();
        for (int column = 0; column < records.columns(); column++) {
            names.add(records.text(column).strip());
        }
        return new Header(records, List.copyOf(names));
    }

    int size() {
        return names.size();
    }

    boolean has(String name) {
        return names.stream().anyMatch(each -> folded(each).equals(folded(name)));
    }

    /**
     * Index of the column of this name. To be called before the next record is read.
     *
     * @throws MalformedFileException it is missing or there twice
     */
    int indexOf(String name) throws MalformedFileException {
        String wanted = folded(name);
        int found = -1;
        for (int column = 0; column < names.size(); column++) {
            if (folded(names.get(column)).equals(wanted)) {
                if (found >= 0) {
                    throw records.malformed("the column " + name + " is there twice; found " + shown());
                }
                found = column;
            }
        }
        if (found < 0) {
            throw records.malformed("the column " + name + " is missing; found " + shown());
        }
        return found;
    }

    private static String folded(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** The columns found, for a person. */
    String shown() {
        String all = String.join(", ", names).replaceAll("\\p{Cntrl}", "?");
        return all.length() <= MAX_SHOWN_CHARS ? all : all.substring(0, MAX_SHOWN_CHARS) + "…";
    }
}
