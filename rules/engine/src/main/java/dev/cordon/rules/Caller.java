package dev.cordon.rules;

import java.util.Objects;

/**
 * Who makes a call, as the process knows it; an empty text is not known. A rule file may name
 * headers that tell it better, see {@code callers} in docs/rule-language.md.
 *
 * @param actor the identity that acts: the name of the service, if nothing else is configured
 * @param bot the bot within it
 * @param channel where the conversation is held
 * @param run the conversation or job
 */
public record Caller(String actor, String bot, String channel, String run) {

  public static final Caller UNKNOWN = new Caller("", "", "", "");

  public Caller {
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(bot, "bot");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(run, "run");
  }

  public static Caller ofService(String name) {
    return new Caller(name, "", "", "");
  }

  /** What is known of the caller. */
  enum Trait {
    ACTOR,
    BOT,
    CHANNEL,
    RUN
  }

  String get(Trait trait) {
    return switch (trait) {
      case ACTOR -> actor;
      case BOT -> bot;
      case CHANNEL -> channel;
      case RUN -> run;
    };
  }
}
