package dev.cordon.bootstrap;

/** One header line; {@code name} as the application wrote it. */
public record Header(String name, String value) {}
