package org.signupmailer.dev;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** Writes the inbox as HTML. Everything that came from a mail or an event goes through {@link #escape}. */
final class InboxPage {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Inbox inbox;
    private final List<RelayOnShow> relays;
    private final String publishCommand;

    InboxPage(Inbox inbox, List<RelayOnShow> relays, String publishCommand) {
        this.inbox = inbox;
        this.relays = List.copyOf(relays);
        this.publishCommand = publishCommand;
    }

    /** The page that always shows the newest mail. */
    String following() {
        List<InboxMail> mails = inbox.newestFirst();
        return page(true, mails, mails.isEmpty() ? null : mails.get(0), View.HTML);
    }

    /** The page that stays with one mail. */
    String selected(InboxMail mail, View view) {
        return page(false, inbox.newestFirst(), mail, view);
    }

    private String page(boolean following, List<InboxMail> mails, @Nullable InboxMail shown, View view) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Inbox (%d) · signup-mailer</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/inbox.css">
                <script src="/inbox.js" defer></script>
                </head>
                <body data-revision="%d"%s>
                <header>
                <a class="brand" href="/">signup<b>mailer</b></a><span class="what">development inbox</span>
                <div id="status">%s</div>
                <span class="live" title="New mail appears by itself">live</span>
                </header>
                <main>
                <nav id="list" aria-label="Mails, newest first">%s</nav>
                <section id="detail">%s</section>
                </main>
                </body>
                </html>
                """.formatted(
                mails.size(),
                inbox.revision(),
                following ? " data-following" : "",
                relays.stream().map(this::relay).collect(Collectors.joining()),
                mails.stream().map(mail -> row(mail, mail.equals(shown))).collect(Collectors.joining()),
                shown == null ? nothingYet() : detail(shown, view));
    }

    private String relay(RelayOnShow relay) {
        String count = relay.refuses()
                ? "refused " + inbox.refusedBy(relay.name())
                : "accepted " + inbox.takenBy(relay.name());
        return """
                <span class="relay %s" title="%s"><i></i>%s <b>%s</b></span>""".formatted(
                relay.refuses() ? "refuses" : "accepts", escape(relay.address()), escape(relay.name()), escape(count));
    }

    private String row(InboxMail mail, boolean shown) {
        return """
                <a href="/mail/%d"%s>
                <span class="to">%s</span><time>%s</time>
                <span class="subject">%s</span>
                <span class="tags"><span class="type">%s</span>%s</span>
                </a>
                """.formatted(
                        mail.number(),
                        shown ? " aria-current=\"true\"" : "",
                        escape(mail.recipient()),
                        CLOCK.format(mail.arrived()),
                        escape(mail.content().subject()),
                        escape(type(mail)),
                        path(mail));
    }

    /** The relays a mail went to, the refusing ones struck out. */
    private static String path(InboxMail mail) {
        String refusals = mail.refusals().stream()
                .map(refusal -> "<s title=\"" + escape(refusal.reply()) + "\">" + escape(refusal.relay()) + "</s> → ")
                .collect(Collectors.joining());
        return "<span class=\"path\">" + refusals + "<b>" + escape(mail.relay()) + "</b></span>";
    }

    private String detail(InboxMail mail, View view) {
        String tabs = List.of(View.values()).stream()
                .map(tab -> "<a href=\"/mail/%d?%s\"%s>%s</a>"
                        .formatted(
                                mail.number(),
                                tab.query(),
                                tab == view ? " aria-current=\"page\"" : "",
                                escape(tab.label())))
                .collect(Collectors.joining());
        return """
                <h1>%s</h1>
                <dl>
                <dt>From</dt><dd>%s</dd>
                <dt>To</dt><dd>%s</dd>
                <dt>Event</dt><dd>%s <code>%s</code></dd>
                <dt>Relays</dt><dd>%s%s took it at %s</dd>
                </dl>
                <div class="tabs" role="tablist">%s</div>
                %s
                """.formatted(
                        escape(mail.content().subject()),
                        escape(mail.content().from()),
                        escape(mail.recipient()),
                        escape(type(mail)),
                        escape(mail.content().eventId()),
                        mail.refusals().stream()
                                .map(refusal -> "<s>%s</s> said <q>%s</q>, then "
                                        .formatted(escape(refusal.relay()), escape(refusal.reply())))
                                .collect(Collectors.joining()),
                        "<b>" + escape(mail.relay()) + "</b>",
                        CLOCK.format(mail.arrived()),
                        tabs,
                        body(mail, view));
    }

    private static String body(InboxMail mail, View view) {
        return switch (view) {
            case HTML, PHONE ->
                mail.content().html() == null
                        ? "<p class=\"none\">This mail has no HTML part.</p>"
                        // No permission at all: a mail runs no script, opens nothing and loads nothing.
                        : "<iframe class=\"%s\" sandbox=\"\" title=\"The mail\" src=\"/mail/%d/body\"></iframe>"
                                .formatted(view.query(), mail.number());
            case TEXT ->
                mail.content().text() == null
                        ? "<p class=\"none\">This mail has no text part.</p>"
                        : "<pre>" + escape(mail.content().text()) + "</pre>";
            case SOURCE -> "<pre class=\"source\">" + escape(mail.source()) + "</pre>";
            case HEADERS ->
                mail.content().headers().stream()
                        .map(header -> "<tr><th>%s</th><td>%s</td></tr>"
                                .formatted(escape(header.name()), escape(header.value())))
                        .collect(Collectors.joining("", "<div class=\"headers\"><table>", "</table></div>"));
        };
    }

    private String nothingYet() {
        return """
                <div class="empty"><h1>No mail yet</h1>
                <p>A mail appears here as soon as a relay takes it. To send one:</p><pre>%s</pre></div>
                """.formatted(escape(publishCommand));
    }

    private String type(InboxMail mail) {
        String type = inbox.typeOf(mail);
        return type.isEmpty() ? "event" : type;
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }
}
