package dev.cordon.rules;

/**
 * Where a call goes that is for a person to make.
 *
 * @param queue the team's queue; empty when the rule names none
 * @param reply what the bot may tell its customer; empty when the rule has nothing to say
 */
public record HandOver(String queue, String reply) {}
