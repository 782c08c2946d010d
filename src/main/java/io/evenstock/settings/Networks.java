package io.evenstock.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Networks in CIDR notation, separated by commas: {@code 10.0.0.0/8,::1/128}. Names are never looked up. */
public final class Networks {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** Strict where there is no colon: what Java takes for a name it would look up. */
    private static final Pattern LITERAL = Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

    private static final int SITE_BYTES = 8;

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    /** Those of a list. @throws IllegalArgumentException if one is not an address with a prefix length */
    public static Networks of(String list) {
        return new Networks(Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(network -> !network.isEmpty())
                .map(Networks::network)
                .toList());
    }

    /** Whether an address, written as numbers, lies in one of them; anything else does not. */
    public boolean contain(String address) {
        try {
            byte[] bytes = bytes(withoutScope(address));
            return networks.stream().anyMatch(network -> network.contains(bytes));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /** Whether it is an address, written as numbers. */
    public static boolean isAddress(String text) {
        try {
            return bytes(withoutScope(text)).length > 0;
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /**
     * What one caller has: an IPv4 address, or the 64 bits of an IPv6 address behind which the caller may choose any other; the
     * same text for all of them. What is no address is left as it stands.
     */
    public static String site(String address) {
        try {
            byte[] bytes = bytes(withoutScope(address));
            return HexFormat.of().formatHex(bytes, 0, Math.min(SITE_BYTES, bytes.length));
        } catch (IllegalArgumentException noAddress) {
            return address;
        }
    }

    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        int most = address.length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("a prefix length is from 0 to " + most + ": " + text);
        }
        return new Network(address, bits);
    }

    private static byte[] bytes(String address) {
        try {
            if (LITERAL.matcher(address).matches()) {
                return InetAddress.getByName(address).getAddress();
            }
        } catch (UnknownHostException malformed) {
            // told below
        }
        throw new IllegalArgumentException("not an address in numbers: " + address);
    }

    private static final class Network {
        private final byte[] address;
        private final int bits;

        Network(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
