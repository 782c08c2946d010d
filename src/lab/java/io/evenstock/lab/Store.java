package io.evenstock.lab;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A store as Retail Pro names it. Two subsidiaries use the same store codes, as real ones do: a code alone names no
 * store.
 */
public record Store(String subsidiary, String code, String name) {

    private static final List<String> CITIES = List.of(
            "New York",
            "Nashville",
            "Boston",
            "Chicago",
            "Denver",
            "Seattle",
            "Austin",
            "Miami",
            "Atlanta",
            "Portland",
            "Dallas",
            "Phoenix",
            "Detroit",
            "Memphis",
            "Oakland");

    /** All thirty, by subsidiary and code. */
    public static final List<Store> ALL =
            IntStream.range(0, 2 * CITIES.size()).mapToObj(Store::of).toList();

    private static Store of(int index) {
        int subsidiary = index / CITIES.size() + 1;
        int number = index % CITIES.size();
        String outlet = subsidiary == 1 ? "" : " Outlet";
        return new Store("%03d".formatted(subsidiary), Integer.toString(101 + number), CITIES.get(number) + outlet);
    }

    /** Evenstock's external id, for example {@code 001-101}. */
    public String facilityId() {
        return subsidiary + "-" + code;
    }
}
