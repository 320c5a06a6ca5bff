package org.signupmailer.email;

import freemarker.core.Environment;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.signupmailer.event.SignupEvent;

/** The parsed templates of one type in one locale. */
final class MailTemplates {

    private final Locale locale;
    private final Template subject;
    private final Template text;
    private final Template html;
    private final MailModel model;
    private final UnaryOperator<String> fileOf;

    MailTemplates(Locale locale, Template subject, Template text, Template html, UnaryOperator<String> fileOf) {
        this.locale = locale;
        this.subject = subject;
        this.text = text;
        this.html = html;
        this.model = new MailModel(locale);
        this.fileOf = fileOf;
    }

    Locale locale() {
        return locale;
    }

    Email render(SignupEvent event, String product, Clock clock) throws TemplateFailure {
        Map<String, Object> values = model.of(event, product, clock.instant());
        return new Email(
                locale,
                subjectLine(process(subject, values).toString()),
                process(text, values).asText(),
                process(html, values).trimmed());
    }

    /** What it returns is good until the next template is processed. */
    private TextBuffer process(Template template, Map<String, Object> values) throws TemplateFailure {
        TextBuffer out = TextBuffer.empty();
        try {
            Environment environment = template.createProcessingEnvironment(values, out);
            environment.setLocale(locale);
            environment.process();
        } catch (TemplateException e) {
            throw TemplateFailure.rendering(template.getSourceName(), e, fileOf);
        } catch (StackOverflowError e) {
            throw TemplateFailure.at(
                    fileOf.apply(template.getSourceName()), 0, 0, "a macro or function in it calls itself without end");
        } catch (IOException e) {
            throw new UncheckedIOException("A writer to memory failed", e);
        }
        return out;
    }

    private static String subjectLine(String rendered) {
        String line = OneLine.of(rendered);
        if (line.length() <= EmailRenderer.LONGEST_SUBJECT) {
            return line;
        }
        int end = EmailRenderer.LONGEST_SUBJECT - 1;
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
