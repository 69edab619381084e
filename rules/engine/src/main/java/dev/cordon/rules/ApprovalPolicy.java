package dev.cordon.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an approval needs: a section of {@code approvals}, what a rule makes of it, or the strictest
 * of what several rules ask for.
 *
 * @param names of the policies that are in it
 * @param approvers each set has to be satisfied: somebody of it must vote
 * @param votes of different people
 * @param ttl how long a grant is good
 * @param totp approvers prove themselves with a one-time password
 * @param selfAllowed who asked may vote
 * @param show fields of the call that approvers see, names only
 * @param page somebody is called when it is used
 * @param max uses within {@code within}; 0: any number
 */
public record ApprovalPolicy(
    List<String> names,
    Set<Set<String>> approvers,
    int votes,
    Duration ttl,
    boolean totp,
    boolean selfAllowed,
    List<String> show,
    boolean page,
    int max,
    Duration within) {

  public ApprovalPolicy {
    names = List.copyOf(names);
    approvers = Set.copyOf(approvers);
    show = List.copyOf(show);
  }

  /** What satisfies both. */
  ApprovalPolicy and(ApprovalPolicy other) {
    Set<Set<String>> all = new LinkedHashSet<>(approvers);
    all.addAll(other.approvers);
    boolean otherIsRarer =
        other.max > 0 && (max == 0 || other.max < max || other.within.compareTo(within) > 0);
    return new ApprovalPolicy(
        union(names, other.names),
        all,
        Math.max(votes, other.votes),
        ttl.compareTo(other.ttl) <= 0 ? ttl : other.ttl,
        totp || other.totp,
        selfAllowed && other.selfAllowed,
        union(show, other.show),
        page || other.page,
        otherIsRarer ? other.max : max,
        otherIsRarer ? other.within : within);
  }

  /** Sorted, so that it does not matter which rule was met first. */
  private static List<String> union(List<String> a, List<String> b) {
    Set<String> all = new TreeSet<>(a);
    all.addAll(b);
    return new ArrayList<>(all);
  }
}
