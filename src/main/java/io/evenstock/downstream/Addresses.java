package io.evenstock.downstream;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Where a webhook may lead: to addresses of the public internet, and to the hosts that the settings allow by name. It is the
 * HTTP client's resolver: what is checked here is what is connected to, so a name cannot change in between.
 */
public final class Addresses implements DnsResolver {
    private static final int BYTE = 0xff;

    private final Set<String> allowedHosts;
    private final DnsResolver lookup;

    /** @param allowedHosts in lower case */
    public Addresses(Set<String> allowedHosts) {
        this(allowedHosts, SystemDefaultDnsResolver.INSTANCE);
    }

    /** @param lookup tells the addresses of a host, whatever they are */
    Addresses(Set<String> allowedHosts, DnsResolver lookup) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.lookup = lookup;
    }

    /** Whether the settings allow this host by name, whatever its address. */
    boolean allows(String host) {
        return allowedHosts.contains(host.toLowerCase(Locale.ROOT));
    }

    /** The addresses of a host. @throws UnknownHostException if it has none, or one that is not public */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.resolve(host);
        for (InetAddress address : addresses) {
            if (!allows(host) && !isPublic(address)) {
                throw new UnknownHostException(host + " has the address " + address.getHostAddress()
                        + ", which is not public; evenstock.downstream.webhook.allowed-hosts may allow the"
                        + " host by name");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** Whether an address is of the public internet; special ranges (RFC 6890), also within IPv6, are not. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] address) {
        int a = address[0] & BYTE;
        int b = address[1] & BYTE;
        int c = address[2] & BYTE;
        return switch (a) {
            case 0, 10, 127 -> false;
            case 100 -> b < 64 || b > 127;
            case 169 -> b != 254;
            case 172 -> b < 16 || b > 31;
            case 192 -> !(b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99));
            case 198 -> !(b == 18 || b == 19 || (b == 51 && c == 100));
            case 203 -> !(b == 0 && c == 113);
            default -> a < 224;
        };
    }

    /** Global unicast without Teredo, 6to4 and documentation; IPv4 within IPv6 comes as IPv4 from Java or lies outside. */
    private static boolean isPublic6(byte[] address) {
        int first = (address[0] & BYTE) << 8 | (address[1] & BYTE);
        int second = (address[2] & BYTE) << 8 | (address[3] & BYTE);
        boolean global = (first & 0xe000) == 0x2000;
        boolean special =
                first == 0x2002 || first >= 0x3ff0 || (first == 0x2001 && (second < 0x0200 || second == 0x0db8));
        return global && !special;
    }
}
