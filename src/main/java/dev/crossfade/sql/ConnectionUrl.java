package dev.crossfade.sql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Database URLs in a form without secrets: host, port, database and parameters that are known to be harmless stay;
 * everything else, such as a login, a password in any place, or an unreadable part, is replaced by {@code …}.
 */
public final class ConnectionUrl {

    private static final String LEFT_OUT = "…";

    /** Within other text a URL ends at a blank, a quotation mark or an angle bracket. */
    private static final Pattern WITHIN =
            Pattern.compile("\\b(?:jdbc:[a-z][\\w+.-]*|postgres(?:ql)?):[^\\s\"'`<>]+", Pattern.CASE_INSENSITIVE);

    private static final Pattern SCHEME =
            Pattern.compile("(?:jdbc:[a-z][\\w+.-]*|postgres(?:ql)?):", Pattern.CASE_INSENSITIVE);

    /** Punctuation that ends the surrounding sentence rather than the URL. */
    private static final Pattern PUNCTUATION = Pattern.compile("[.,;:!)\\]}]+$");

    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}_.-]*|\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?]");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern DATABASE = Pattern.compile("[\\p{L}\\p{N}_.+~$ -]*");
    private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{N}_.,:+ -]*");

    /** Parameters of the driver that hold no secret; in lower case. */
    private static final Set<String> HARMLESS = Set.of(
            "applicationname",
            "autosave",
            "binarytransfer",
            "cancelsignaltimeout",
            "channelbinding",
            "connecttimeout",
            "currentschema",
            "defaultrowfetchsize",
            "gssencmode",
            "hostrecheckseconds",
            "loadbalancehosts",
            "logintimeout",
            "preferquerymode",
            "preparethreshold",
            "readonly",
            "rewritebatchedinserts",
            "sockettimeout",
            "ssl",
            "sslmode",
            "sslnegotiation",
            "stringtype",
            "targetservertype",
            "tcpkeepalive",
            "tcpnodelay");

    private ConnectionUrl() {}

    /** Returns a URL without parts that may be secret; {@code …} if it is not a URL. */
    public static String withoutSecrets(String url) {
        Matcher scheme = SCHEME.matcher(url);
        if (!scheme.lookingAt()) {
            return LEFT_OUT;
        }
        String rest = url.substring(scheme.end());
        int query = rest.indexOf('?');
        String base = query < 0 ? rest : rest.substring(0, query);
        List<String> parameters =
                query < 0 ? List.of() : List.of(rest.substring(query + 1).split("[&?]"));
        if (parameters.stream().anyMatch(ConnectionUrl::isRestOfLogin)) {
            return scheme.group() + LEFT_OUT;
        }
        return scheme.group() + base(base) + parameters(parameters);
    }

    /** Returns text in which every database URL is {@linkplain #withoutSecrets without secrets}. */
    public static String withoutSecretsIn(String text) {
        return WITHIN.matcher(text).replaceAll(found -> Matcher.quoteReplacement(within(found.group())));
    }

    /** A password may end with punctuation: that is cut off with the URL unless the URL has no password. */
    private static String within(String found) {
        Matcher end = PUNCTUATION.matcher(found);
        boolean plain = found.indexOf('?') < 0 && found.indexOf('@') < 0;
        return plain && end.find()
                ? withoutSecrets(found.substring(0, end.start())) + end.group()
                : withoutSecrets(found);
    }

    /** A login before the hosts may contain a question mark. */
    private static boolean isRestOfLogin(String parameter) {
        int value = parameter.indexOf('=');
        return decoded(value < 0 ? parameter : parameter.substring(0, value)).indexOf('@') >= 0;
    }

    private static String base(String base) {
        boolean hosted = base.startsWith("//");
        String given = hosted ? base.substring(2) : base;
        int login = given.lastIndexOf('@');
        String shown = login < 0 ? "" : LEFT_OUT + "@";
        String place = given.substring(login + 1);
        if (!hosted) {
            boolean slash = place.startsWith("/");
            return shown + (slash ? "/" : "") + fitting(DATABASE, slash ? place.substring(1) : place);
        }
        int path = place.indexOf('/');
        List<String> hosts = new ArrayList<>();
        for (String host : (path < 0 ? place : place.substring(0, path)).split(",", -1)) {
            hosts.add(host(host));
        }
        return "//" + shown + String.join(",", hosts)
                + (path < 0 ? "" : "/" + fitting(DATABASE, place.substring(path + 1)));
    }

    private static String host(String given) {
        int colon = given.lastIndexOf(':');
        boolean hasPort = colon > given.lastIndexOf(']') && colon >= 0;
        String host = fitting(HOST, hasPort ? given.substring(0, colon) : given);
        if (!hasPort) {
            return host;
        }
        // If it is not a port, it may be a password.
        return PORT.matcher(given.substring(colon + 1)).matches() ? host + given.substring(colon) : LEFT_OUT;
    }

    private static String parameters(List<String> parameters) {
        List<String> shown = new ArrayList<>();
        boolean complete = true;
        for (String parameter : parameters) {
            int value = parameter.indexOf('=');
            if (value > 0 && HARMLESS.contains(parameter.substring(0, value).toLowerCase(Locale.ROOT))) {
                shown.add(parameter.substring(0, value + 1) + fitting(VALUE, parameter.substring(value + 1)));
            } else {
                complete &= parameter.isEmpty();
            }
        }
        if (!complete) {
            shown.add(LEFT_OUT);
        }
        return shown.isEmpty() ? "" : "?" + String.join("&", shown);
    }

    private static String fitting(Pattern pattern, String text) {
        return pattern.matcher(decoded(text)).matches() ? text : LEFT_OUT;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Invalid percent-encoding: taken literally, and a percent sign matches nothing harmless.
            return text;
        }
    }
}
