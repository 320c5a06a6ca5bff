package org.signupmailer.deadletter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.topic.Plain;
import org.signupmailer.topic.TopicCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Tells the whole story of one event that was not sent, with its address, code and link, so that"
                + " the code can be read to the user on the phone.")
final class ShowCommand extends TopicCommand {

    @Parameters(paramLabel = "ID", description = "The event's id, as list shows it.")
    private String id = "";

    @Override
    protected int run(KafkaSettings kafka) throws IOException {
        List<DeadLetter> story = new ArrayList<>();
        new DeadLetterReader(kafka).read(null, () -> false, (place, letter) -> {
            if (id.equals(letter.id())) {
                story.add(letter);
            }
        });
        if (story.isEmpty()) {
            err().println("No dead letter in " + kafka.deadLetterTopic() + " is of an event with the id \""
                    + Plain.text(id) + "\"; dead-letters list shows those that there are.");
            return 1;
        }
        boolean accepted;
        try (KafkaWriter writer = new KafkaWriter(kafka);
                Ledger ledger = new Ledger(kafka, writer)) {
            accepted = Replay.accepted(kafka, ledger).test(id);
        }
        out().print(DeadLetterStory.tell(story, accepted, CLOCK.instant()));
        return 0;
    }
}
