package org.signupmailer.dev;

/** A relay of the development run as the page shows it: its name, where it listens, what it does with mail. */
record RelayOnShow(String name, String address, boolean refuses) {}
