package org.signupmailer.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the schema library found into sentences for the publisher. The library's own messages show patterns and
 * sometimes values; these show the rule and never a value.
 */
final class Sentences {

    private static final String ADDRESS =
            " must be one plain address such as ann@example.com, at most 254 characters, without a display name, a list,"
                    + " quotes or spaces";
    private static final String DATE_TIME =
            " must be a date and time with seconds and an offset such as 2026-11-22T05:10:00Z (RFC 3339)";

    /** By field; a field has one sentence, whichever of its rules is broken. */
    private static final Map<String, String> RULES = Map.ofEntries(
            Map.entry("specversion", " must be the string \"1.0\", the version of CloudEvents"),
            Map.entry("id", " must be 1 to 256 characters, none of them a control character"),
            Map.entry("source", " must be a URI reference such as /shop/auth, 1 to 1024 characters, without spaces"),
            Map.entry("type", " must be one of " + String.join(", ", EventType.typeNames())),
            Map.entry("time", DATE_TIME),
            Map.entry(
                    "datacontenttype",
                    " must be a JSON media type such as application/json, at most 256 characters, or absent"),
            Map.entry("email", ADDRESS),
            Map.entry("newEmail", ADDRESS),
            Map.entry("name", " must be at most 200 characters long"),
            Map.entry("invitedBy", " must be at most 200 characters long"),
            Map.entry("locale", " must be a language tag such as ru or pt-BR, at most 35 characters (BCP 47)"),
            Map.entry("expiresAt", DATE_TIME),
            Map.entry("code", " must be 1 to 64 printable characters that neither begin nor end with a space"),
            Map.entry(
                    "link",
                    " must be an absolute https address, at most 2048 characters, without spaces or other characters that need escaping"));

    private Sentences() {}

    static Violation of(Error error) {
        String pointer = error.getInstanceLocation().toString();
        if ("required".equals(error.getKeyword())) {
            // The only anyOf in the schemas is "link or code": one thing is wrong then, not two.
            if (error.getEvaluationPath().contains("anyOf")) {
                return new Violation(pointer, fieldOf(pointer) + " must have link or code");
            }
            String field = String.valueOf(error.getProperty());
            return new Violation(pointer + "/" + field, field + " is missing");
        }
        if ("type".equals(error.getKeyword())) {
            return new Violation(pointer, wrongKind(pointer, error.getInstanceNode()));
        }
        return ruleOf(pointer);
    }

    /** The violation of whatever is required of the field there. */
    static Violation ruleOf(String pointer) {
        String field = fieldOf(pointer);
        return new Violation(pointer, field + RULES.getOrDefault(field, " is not what its schema asks for"));
    }

    private static String wrongKind(String pointer, @Nullable JsonNode found) {
        String field = fieldOf(pointer);
        if (field.equals("data")) {
            return found != null && found.isTextual()
                    ? "data must be a JSON object, not a string (was it encoded twice?)"
                    : "data must be a JSON object, not " + kindOf(found);
        }
        return field + " must be a string, not " + kindOf(found)
                + (found != null && found.isNumber() ? "; quote it" : "");
    }

    private static String kindOf(@Nullable JsonNode node) {
        if (node == null) {
            return "something else";
        }
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            default -> "something else";
        };
    }

    private static String fieldOf(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }
}
