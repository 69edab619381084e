package dev.cordon.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what two rule sets let one call do. */
final class Permission {
  private final RuleText beforeText;
  private final RuleText afterText;

  Permission(RuleFile before, RuleFile after) {
    beforeText = new RuleText(before);
    afterText = new RuleText(after);
  }

  /** The other way round. */
  private Permission(RuleText beforeText, RuleText afterText) {
    this.beforeText = beforeText;
    this.afterText = afterText;
  }

  Permission reversed() {
    return new Permission(afterText, beforeText);
  }

  /** Why the second decision lets more by than the first; null when it does not. */
  @Nullable String looser(Decision before, Decision after) {
    Effect was = done(before);
    Effect is = done(after);
    int order = is.compareTo(was);
    if (order < 0) {
      return word(is) + " instead of " + word(was);
    }
    if (order > 0 || is.compareTo(Effect.APPROVE) > 0) {
      return null; // what is refused may be refused with other words
    }
    if (is == Effect.APPROVE) {
      String weaker = looser(before.approval(), after.approval());
      if (weaker != null) {
        return weaker;
      }
    }
    String redacted = lessRedacted(before, after);
    return redacted != null ? redacted : lessBound(before, after);
  }

  /** What becomes of a call: in observe mode it leaves. */
  private static Effect done(Decision decision) {
    return decision.enforced() ? decision.effect() : Effect.ALLOW;
  }

  private static String word(Effect effect) {
    return Fold.lower(effect.name());
  }

  // ---- approvals

  static @Nullable String looser(@Nullable ApprovalPolicy was, @Nullable ApprovalPolicy is) {
    if (was == null) {
      return null;
    }
    if (is == null) {
      return "the approval has no policy";
    }
    if (is.votes() < was.votes()) {
      return "fewer votes: " + is.votes() + " instead of " + was.votes();
    }
    if (is.ttl().compareTo(was.ttl()) > 0) {
      return "a grant is good for longer";
    }
    if (!is.approvers().containsAll(was.approvers())) {
      return "other approvers";
    }
    if ((was.totp() && !is.totp()) || (is.selfAllowed() && !was.selfAllowed())) {
      return "approvers prove less";
    }
    if (!is.show().containsAll(was.show())) {
      return "approvers see less";
    }
    if (was.page() && !is.page()) {
      return "nobody is paged";
    }
    boolean rare =
        was.max() == 0
            || (is.max() > 0 && is.max() <= was.max() && is.within().compareTo(was.within()) >= 0);
    return rare ? null : "it may be used more often";
  }

  // ---- redactions

  private static @Nullable String lessRedacted(Decision before, Decision after) {
    for (Redaction was : before.redactions()) {
      String weaker = looser(was, after.redactions());
      if (weaker != null) {
        return weaker;
      }
    }
    boolean kept =
        !before.redactions().isEmpty() && !before.keepFields().containsAll(after.keepFields());
    return kept ? "more fields are left as they are" : null;
  }

  static @Nullable String looser(Redaction was, List<Redaction> now) {
    List<String> fields = was.fields().isEmpty() ? List.of("") : was.fields();
    for (String type : was.types()) {
      for (String field : fields) {
        boolean covered = false;
        for (Redaction is : now) {
          covered |=
              is.types().contains(type)
                  && (is.fields().isEmpty() || is.fields().contains(field))
                  && Redaction.strength(is.with(type)) >= Redaction.strength(was.with(type))
                  && (!is.restored().contains(type) || was.restored().contains(type))
                  && (is.unredacted() == Redaction.Unredacted.REFUSE
                      || was.unredacted() == Redaction.Unredacted.PASS);
        }
        if (!covered) {
          return type + (field.isEmpty() ? "" : " in " + field) + " is redacted less";
        }
      }
    }
    return null;
  }

  // ---- limits

  private @Nullable String lessBound(Decision before, Decision after) {
    if (!before.enforced()) {
      return null; // a limit stops nothing either
    }
    for (Charges.Charge was : before.charges().all()) {
      if (was.rule().observed()) {
        continue;
      }
      boolean found = false;
      for (Charges.Charge is : after.charges().all()) {
        found |= after.enforced() && isAsStrict(was, is);
      }
      if (!found) {
        Bounds.Limit limit = was.limit();
        Bounds.Idempotency once = was.idempotency();
        return (limit != null ? "limit " + limit.text() : once == null ? "" : once.text())
            + " of "
            + was.rule().id()
            + " is gone or wider";
      }
    }
    return null;
  }

  private boolean isAsStrict(Charges.Charge was, Charges.Charge is) {
    if (is.rule().observed() || !is.rule().id().equals(was.rule().id())) {
      return false; // what is spent is kept under the rule's id
    }
    Bounds.Limit limit = was.limit();
    Bounds.Limit now = is.limit();
    if (limit != null) {
      return now != null
          && beforeText.of(limit).equals(afterText.of(now))
          && now.max() <= limit.max()
          && now.withinNs() >= limit.withinNs()
          && now.over().compareTo(limit.over()) >= 0
          && (now.over() != Effect.APPROVE
              || looser(was.rule().approval(), is.rule().approval()) == null);
    }
    Bounds.Idempotency once = was.idempotency();
    Bounds.Idempotency onceNow = is.idempotency();
    if (once == null || onceNow == null) {
      return false;
    }
    Set<String> key = new HashSet<>(beforeText.key(once));
    return key.containsAll(afterText.key(onceNow))
        && onceNow.withinNs() >= once.withinNs()
        && onceNow.duplicate().compareTo(once.duplicate()) >= 0;
  }
}
