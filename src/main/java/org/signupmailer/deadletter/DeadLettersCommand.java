package org.signupmailer.deadletter;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code dead-letters list|show|replay}: what was not sent, why, and its way back. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Shows the events that were not sent, and puts them back onto their topic.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {ListCommand.class, ShowCommand.class, ReplayCommand.class, HelpCommand.class})
public final class DeadLettersCommand {}
