package io.evenstock.system;

import io.evenstock.simulator.Message.Identification;
import java.util.Locale;

/**
 * The names of one history, made its own by a number of four digits. What the simulator does with names stays: store
 * codes of several subsidiaries, values with and without leading zeros, one value under two types. Event ids need
 * nothing: they are unique within their facility only.
 */
final class SimulatedNames {
    private final String number;

    SimulatedNames(int number) {
        this.number = String.format(Locale.ROOT, "%04d", number);
    }

    private SimulatedNames() {
        this.number = "";
    }

    /** Names of a database of its own: they stay as they are. */
    static SimulatedNames plain() {
        return new SimulatedNames();
    }

    /** {@code 001-101} becomes {@code 0010007-101}. */
    String facility(String facility) {
        int dash = facility.indexOf('-');
        return facility.substring(0, dash) + number + facility.substring(dash);
    }

    /** {@code P1} becomes {@code Z0007.P1}. */
    String product(String product) {
        return number.isEmpty() ? product : productsAfter() + product;
    }

    /** Right before this history's products in the order of ids; those of earlier ones, and all others, are before it. */
    String productsAfter() {
        return "Z" + number + ".";
    }

    /** {@code S1} becomes {@code S1.0007}. */
    String shipment(String shipment) {
        return number.isEmpty() ? shipment : shipment + "." + number;
    }

    /** {@code UPCA:047111} becomes {@code UPCA:047111.0007}. */
    Identification identification(Identification identification) {
        return number.isEmpty()
                ? identification
                : new Identification(identification.type(), identification.value() + "." + number);
    }
}
