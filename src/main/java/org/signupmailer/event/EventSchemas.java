package org.signupmailer.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The shipped JSON Schemas, loaded once. Safe for use by many threads. */
final class EventSchemas {

    private static final String FOLDER = "classpath:schemas/";

    private final Map<EventType, Schema> byType = new EnumMap<>(EventType.class);
    /** What can be said of an event whose type is unknown; its list of types gives the violation. */
    private final Schema anyType;

    EventSchemas() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .locale(Locale.ROOT)
                .build();
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
        anyType = load(registry, "cloudevent");
        for (EventType type : EventType.values()) {
            byType.put(type, load(registry, type.typeName()));
        }
    }

    /** Everything that the schema of the event's own type has against it. */
    List<Error> judge(JsonNode envelope) {
        JsonNode type = envelope.path("type");
        Schema schema = type.isTextual()
                ? EventType.of(type.textValue()).map(byType::get).orElse(anyType)
                : anyType;
        return schema.validate(envelope);
    }

    private static Schema load(SchemaRegistry registry, String name) {
        Schema schema = registry.getSchema(SchemaLocation.of(FOLDER + name + ".schema.json"));
        schema.initializeValidators();
        return schema;
    }
}
