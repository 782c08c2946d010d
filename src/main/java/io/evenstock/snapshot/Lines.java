package io.evenstock.snapshot;

import java.util.Arrays;

/** The lines of a run, column by column: 16 bytes a line, whatever the file. Grows as needed. */
final class Lines {
    private int[] facilityKeys = new int[1 << 10];
    private int[] productKeys = new int[1 << 10];
    private int[] quantities = new int[1 << 10];
    private int[] fileLines = new int[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** Adds a line. @return its position */
    int add(int facilityKey, int productKey, int quantity, int fileLine) {
        if (size == facilityKeys.length) {
            grow();
        }
        facilityKeys[size] = facilityKey;
        productKeys[size] = productKey;
        quantities[size] = quantity;
        fileLines[size] = fileLine;
        return size++;
    }

    int facilityKey(int position) {
        return facilityKeys[position];
    }

    int productKey(int position) {
        return productKeys[position];
    }

    int quantity(int position) {
        return quantities[position];
    }

    int fileLine(int position) {
        return fileLines[position];
    }

    private void grow() {
        int capacity = Math.multiplyExact(size, 2);
        facilityKeys = Arrays.copyOf(facilityKeys, capacity);
        productKeys = Arrays.copyOf(productKeys, capacity);
        quantities = Arrays.copyOf(quantities, capacity);
        fileLines = Arrays.copyOf(fileLines, capacity);
    }
}
