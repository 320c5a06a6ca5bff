# The image of signup-mailer. Build it with BuildKit, which Docker uses by itself since version 23:
#
#   docker build -t signup-mailer .
#
# docs/operations.md says how to run it. What the JVM is told is in deploy/docker/java.options, with the reasons.

# --- The jar, taken apart: libraries change less often than the application, so they are a layer of their own ---------
FROM eclipse-temurin:25.0.3_9-jdk-noble AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn/ .mvn/
COPY src/main/ src/main/
# Tests and formatting have been checked before; here only the jar is made.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -q -B package -Pimage -Dmaven.test.skip=true -Dspotless.check.skip=true
RUN java -Djarmode=tools -jar target/signup-mailer.jar extract --layers --destination layers

# --- What runs --------------------------------------------------------------------------------------------------------
FROM eclipse-temurin:25.0.3_9-jre-noble
LABEL org.opencontainers.image.title="signup-mailer" \
      org.opencontainers.image.description="Turns signup events on Kafka into e-mails; each goes to the first SMTP relay that takes it" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /src/layers/dependencies/ ./
COPY --from=build /src/layers/snapshot-dependencies/ ./
COPY --from=build /src/layers/application/ ./
COPY deploy/docker/ bin/
COPY routes/ routes/

# Written once here, mapped by every start. It counts only for this JVM and these files, so it is the last thing made.
RUN bin/train && mkdir logs /run/login && chown 10001:10001 logs /run/login && chmod 0750 logs /run/login

# Loopback inside a container is reached by nobody; the login is asked for all the same.
ENV PATH="/app/bin:$PATH" \
    LANG=C.UTF-8 \
    MANAGEMENT_ADDRESS=0.0.0.0

# A number, so that Kubernetes sees that it is not root.
USER 10001:10001
EXPOSE 8081

# The dead-letter log. With /tmp it is all that is written; the rest may be mounted read-only.
VOLUME /app/logs

# Readiness is open without a login. The first start has half a minute.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["healthy"]

# SIGTERM ends the mails in flight, which takes 25 s at most: stop with "docker stop -t 30".
ENTRYPOINT ["signup-mailer"]
