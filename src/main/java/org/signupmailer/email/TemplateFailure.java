package org.signupmailer.email;

import freemarker.core.InvalidReferenceException;
import freemarker.core.ParseException;
import freemarker.core.StopException;
import freemarker.template.TemplateException;
import freemarker.template.TemplateNotFoundException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A template that can't be used, or that can't make a mail of an event. The message is one sentence that says where and
 * what. It may quote the template, never a value of an event, so it can be logged and put into a dead letter; for the
 * same reason the template engine's exception, whose message quotes values, is not kept as the cause.
 */
public final class TemplateFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final int column;

    private TemplateFailure(String file, int line, int column, String what) {
        super("Template \"" + file + "\"" + (line > 0 ? ", line " + line + ", column " + column : "") + ": " + what);
        this.file = file;
        this.line = line;
        this.column = column;
    }

    /** A flaw that was found without the template engine. */
    static TemplateFailure at(String file, int line, int column, String what) {
        return new TemplateFailure(file, line, column, what);
    }

    /** A template that is not valid FreeMarker. No event is involved yet, so the engine's own words can be told. */
    static TemplateFailure parsing(String file, ParseException e) {
        String words = e.getEditorMessage() == null ? "it is not valid FreeMarker" : oneLine(e.getEditorMessage());
        return new TemplateFailure(
                file, Math.max(0, e.getLineNumber()), Math.max(0, e.getColumnNumber()), words + "; correct it");
    }

    /**
     * A valid template that failed on an event.
     *
     * @param fileOf from the engine's template name to the file that operators know
     */
    static TemplateFailure rendering(String template, TemplateException e, UnaryOperator<String> fileOf) {
        String name = e.getTemplateSourceName() == null ? template : e.getTemplateSourceName();
        return new TemplateFailure(
                fileOf.apply(name), number(e.getLineNumber()), number(e.getColumnNumber()), reason(e));
    }

    /** The sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Where the template is: a file of the operators' folder, or {@code built-in templates/…}. */
    public String file() {
        return file;
    }

    /** The line, from 1; 0 when the flaw has no place in the file. */
    public int line() {
        return line;
    }

    /** The column, from 1; 0 when the flaw has no place in the file. */
    public int column() {
        return column;
    }

    private static String reason(TemplateException e) {
        String expression = oneLine(e.getBlamedExpressionString());
        String it = expression.isEmpty() ? "an expression" : "\"" + expression + "\"";
        if (e.getCause() instanceof TemplateNotFoundException) {
            return "it includes or imports a template that does not exist; correct the path or add the file";
        }
        if (e instanceof StopException) {
            return "it stopped itself with <#stop>";
        }
        if (e instanceof InvalidReferenceException) {
            return it + " has no value for this event; print it only where <#if " + expression
                    + "??> holds, or give a default with !";
        }
        return it + " can't be evaluated; correct the expression";
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : Math.max(0, value);
    }

    private static String oneLine(@Nullable String words) {
        return words == null ? "" : words.strip().replaceAll("\\s+", " ").replaceFirst("[.;]$", "");
    }
}
