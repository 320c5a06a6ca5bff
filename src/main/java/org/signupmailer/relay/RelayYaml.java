package org.signupmailer.relay;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Reads this package's YAML files strictly: a misspelt key is an error, not a rule that silently does less. */
final class RelayYaml {

    static final ObjectMapper MAPPER = YAMLMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RelayYaml() {}

    /** {@code line 12: "txt" is not known here}, without the Java type names that Jackson would give. */
    static String where(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String line = location == null ? "" : "line " + location.getLineNr() + ": ";
        if (e instanceof UnrecognizedPropertyException unknown) {
            return line + "\"" + unknown.getPropertyName() + "\" is not known here";
        }
        String message = e.getOriginalMessage().lines().findFirst().orElse("not readable");
        return line + message.replaceAll("`?(?:java|org\\.signupmailer)[\\w.$]*`?", "value");
    }
}
