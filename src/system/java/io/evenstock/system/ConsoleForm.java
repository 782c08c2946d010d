package io.evenstock.system;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A form as it stands in a page.
 *
 * @param action the path it is sent to
 * @param fields what it sends if nobody types anything, without buttons
 * @param texts which of the fields somebody types into
 * @param buttons the names of its buttons
 */
record ConsoleForm(String id, String action, Map<String, String> fields, Set<String> texts, List<String> buttons) {
    /** By which a page that is sent back is known as ours. */
    static final String STATE = "jakarta.faces.ViewState";

    private static final Pattern FORM =
            Pattern.compile("(?s)<form id=\"([^\"]+)\"[^>]*method=\"post\"[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>");
    private static final Pattern FIELD = Pattern.compile(
            "(?s)<input\\b(?<input>[^>]*)>|<select\\b(?<select>[^>]*)>\\s*<option(?: value=\"(?<value>[^\"]*)\")?[^>]*>(?<text>[^<]*)");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(name|type|value)=\"([^\"]*)\"");

    /** All forms of a page that are sent by POST. */
    static List<ConsoleForm> in(String page) {
        return FORM.matcher(page)
                .results()
                .map(form -> of(form.group(1), form.group(2), form.group(3)))
                .toList();
    }

    private static ConsoleForm of(String id, String action, String content) {
        ConsoleForm form =
                new ConsoleForm(id, plain(action), new LinkedHashMap<>(), new TreeSet<>(), new ArrayList<>());
        Matcher field = FIELD.matcher(content);
        while (field.find()) {
            if (field.group("input") != null) {
                form.input(attributes(field.group("input")));
            } else {
                String value = field.group("value");
                form.fields.put(
                        attributes(field.group("select")).getOrDefault("name", ""),
                        plain(value == null ? field.group("text") : value));
            }
        }
        return form;
    }

    private static Map<String, String> attributes(String tag) {
        return ATTRIBUTE
                .matcher(tag)
                .results()
                .collect(Collectors.toMap(each -> each.group(1), each -> plain(each.group(2)), (first, next) -> first));
    }

    private static String plain(String escaped) {
        return escaped.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private void input(Map<String, String> attributes) {
        String name = attributes.getOrDefault("name", "");
        String type = attributes.getOrDefault("type", "text");
        if (type.equals("submit")) {
            buttons.add(name);
        } else {
            fields.put(name, attributes.getOrDefault("value", ""));
            if (!type.equals("hidden")) {
                texts.add(name);
            }
        }
    }

    /** What it is for: without the number of the row it stands in. */
    String kind() {
        return id.replaceAll("-.*", "");
    }

    String state() {
        return fields.getOrDefault(STATE, "");
    }

    /** The same with another page's state; empty: with none. */
    ConsoleForm withState(String state) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        if (state.isEmpty()) {
            changed.remove(STATE);
        } else {
            changed.put(STATE, state);
        }
        return new ConsoleForm(id, action, changed, texts, buttons);
    }

    ConsoleForm typed(String field, String text) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put(field, text);
        return new ConsoleForm(id, action, changed, texts, buttons);
    }

    /** The body of the request that a button sends. */
    String sent(String button) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put(button, "x");
        return all.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
