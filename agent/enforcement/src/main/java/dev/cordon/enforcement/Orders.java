package dev.cordon.enforcement;

import dev.cordon.redaction.Kind;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.RedactionPlan.Operator;
import dev.cordon.rules.Redaction;
import dev.cordon.rules.RedactionPattern;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A redaction of a rule file as the detectors take it: one order for each of its operators. */
final class Orders {
  private Orders() {}

  static List<RedactionPlan.Order> inCalls(Redaction redaction) {
    return of(redaction, true);
  }

  static List<RedactionPlan.Order> inLogs(Redaction redaction) {
    return of(redaction, false);
  }

  private static List<RedactionPlan.Order> of(Redaction redaction, boolean call) {
    List<RedactionPlan.Order> orders = new ArrayList<>(1);
    for (Redaction.With with : Redaction.With.values()) {
      Operator operator = operator(with);
      Set<String> types = new HashSet<>();
      redaction
          .operators()
          .forEach(
              (type, own) -> {
                if (own == with) {
                  types.add(type);
                }
              });
      if (operator != null && !types.isEmpty()) {
        Set<Kind> kinds = call ? Kind.inCalls(types) : inLogs(types);
        orders.add(new RedactionPlan.Order(redaction.fields(), kinds, types, operator));
      }
    }
    return orders;
  }

  /** The types of a rule file's own, which orders name beside those of Cordon. */
  static OwnTypes own(List<RedactionPattern> patterns) {
    List<OwnTypes.OwnType> own = new ArrayList<>(patterns.size());
    for (RedactionPattern pattern : patterns) {
      own.add(
          new OwnTypes.OwnType(
              pattern.name(),
              pattern.literals(),
              pattern.foldsCase(),
              pattern.maxChars(),
              pattern::find));
    }
    return OwnTypes.of(own);
  }

  /** The kinds that come back to the application: those that no redaction keeps in the vault. */
  static Set<Kind> restored(List<Redaction> redactions) {
    Set<String> types = new HashSet<>();
    for (Redaction redaction : redactions) {
      types.addAll(redaction.restored());
    }
    for (Redaction redaction : redactions) {
      redaction
          .operators()
          .forEach(
              (type, with) -> {
                if (with == Redaction.With.VAULT && !redaction.restored().contains(type)) {
                  types.remove(type);
                }
              });
    }
    return inLogs(types);
  }

  static boolean haveVault(List<Redaction> redactions) {
    for (int i = 0; i < redactions.size(); i++) {
      if (redactions.get(i).operators().containsValue(Redaction.With.VAULT)) {
        return true;
      }
    }
    return false;
  }

  private static Set<Kind> inLogs(Set<String> types) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String type : types) {
      kinds.addAll(Kind.ofType(type));
    }
    return kinds;
  }

  private static @Nullable Operator operator(Redaction.With with) {
    return switch (with) {
      case NONE -> null;
      case TOKEN -> Operator.TOKEN;
      case MASK -> Operator.MASK;
      case HASH -> Operator.HASH;
      case BLOCK -> Operator.BLOCK;
      case DROP -> Operator.DROP;
      case KEEP_LAST_4 -> Operator.KEEP_LAST_4;
      case KEEP_DOMAIN -> Operator.KEEP_DOMAIN;
      case PSEUDONYM -> Operator.PSEUDONYM;
      case VAULT -> Operator.VAULT;
      case SIV -> Operator.SIV;
    };
  }
}
