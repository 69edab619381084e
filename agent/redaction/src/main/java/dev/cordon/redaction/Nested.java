package dev.cordon.redaction;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks for values in what stands in a text as base64, or as a part of a JWT. What is changed in
 * base64 is encoded again as it was. A JWT whose signature would no longer fit is replaced as a
 * whole.
 */
final class Nested {
  /** Base64 in base64; deeper is not looked at. */
  static final int MAX_DEPTH = 2;

  /**
   * Fields of OAuth, OpenID and SAML by which somebody proves who he is. What is signed in them is
   * a credential as the header {@code Authorization} is: without it no call is possible.
   */
  private static final int MAX_NAME_CHARS = 64;

  private static final Set<String> PROOFS =
      Set.of(
          "assertion",
          "clientassertion",
          "subjecttoken",
          "actortoken",
          "idtoken",
          "idtokenhint",
          "accesstoken",
          "refreshtoken",
          "logouttoken",
          "identitytoken",
          "webidentitytoken",
          "softwarestatement",
          "samlassertion",
          "samlresponse",
          "samlrequest",
          "wresult");

  /** Fields that hold a proof if all that they hold is a JWT. */
  private static final Set<String> PROOFS_IF_TOKENS =
      Set.of("token", "jwt", "credential", "request");

  /** What a service has given out and has to get back as it was. */
  private static final Set<String> CURSORS =
      Set.of(
          "cursor",
          "after",
          "before",
          "pageinfo",
          "pagetoken",
          "nexttoken",
          "startingafter",
          "endingbefore",
          "continuation",
          "state",
          "relaystate");

  /** Below which a cursor is one: those of a query and of GraphQL. */
  private static final Set<String> WITH_CURSORS = Set.of("query", "variables", "arguments");

  private static final String BASIC = "Basic ";

  private Nested() {}

  /** Where the next text in base64 or the next JWT begins, -1 if there is none. No allocation. */
  static int next(String s, int from, int to) {
    int at = Base64Text.find(s, from, to);
    while (at >= 0 && !Base64Text.isText(s, at, to) && tokenEnd(s, from, at, to) == 0) {
      int next = Base64Text.nextBegin(s, at, to);
      at = next >= 0 ? next : Base64Text.find(s, ~next, to);
    }
    return at;
  }

  /**
   * @param whole whether the text is all of the value that the name is of
   */
  static void scan(
      View view,
      int from,
      int to,
      int name,
      boolean whole,
      Supplier<FieldPath> path,
      Findings findings) {
    String s = view.text;
    int at = next(s, from, to);
    while (at >= 0) {
      int end = tokenEnd(s, from, at, to);
      if (end > 0) {
        token(view, at, end, whole && at == from && end == to, path, findings);
      } else {
        Base64Text text = Base64Text.at(s, at, to);
        end = Math.max(at + 1, text.end);
        boolean all = whole && at == from && end == to;
        text(view, text, all ? name : 0, all, from, to, path, findings);
      }
      at = next(s, end, to);
    }
  }

  private static void text(
      View view,
      Base64Text text,
      int name,
      boolean all,
      int from,
      int to,
      Supplier<FieldPath> path,
      Findings findings) {
    String s = view.text;
    if (!findings.opensTokens()
        && (isDotted(s, text.start - 1, from, to) || isDotted(s, text.end, from, to))) {
      return;
    }
    FieldPath where = path.get();
    if (isProof(where, false) || all && isCursor(where) || isBasic(s, from, text)) {
      return;
    }
    Scan inner = Bodies.scanDecoded(text.decoded, findings, where, name);
    byte[] redacted = inner.redacted();
    if (redacted == null) {
      return;
    }
    List<Finding> found = inner.findings();
    String encoded = text.encoded(redacted);
    for (int i = 0; i < found.size(); i++) {
      int start = i == 0 ? text.start : text.position(found.get(i).start());
      int end = i + 1 == found.size() ? text.end : text.position(found.get(i + 1).start());
      findings.addIn(view, start, end, found.get(i), i == 0 ? encoded : "", inner.blocked());
    }
  }

  /** A part of something that is signed: {@code payload.signature}. */
  private static boolean isDotted(String s, int at, int from, int to) {
    return at >= from && at < to && s.charAt(at) == '.';
  }

  /**
   * @param token whether all of the value is a JWT
   */
  private static boolean isProof(FieldPath path, boolean token) {
    String name = lastName(path);
    return PROOFS.contains(name) || token && PROOFS_IF_TOKENS.contains(name);
  }

  private static boolean isCursor(FieldPath path) {
    if (!CURSORS.contains(lastName(path))) {
      return false;
    }
    List<String> names = path.names();
    for (int i = 0; i < names.size() - 1; i++) {
      if (WITH_CURSORS.contains(names.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** In small letters, without signs between its words. */
  private static String lastName(FieldPath path) {
    List<String> names = path.names();
    if (names.isEmpty()) {
      return "";
    }
    String last = names.get(names.size() - 1);
    if (last.length() > MAX_NAME_CHARS) {
      return ""; // none that is looked for
    }
    return last.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Name and password of the caller: others would be refused. */
  private static boolean isBasic(String s, int from, Base64Text text) {
    int word = text.start - BASIC.length();
    if (word < from || !s.regionMatches(true, word, BASIC, 0, BASIC.length())) {
      return false;
    }
    for (byte b : text.decoded) {
      if (b == ':') {
        return true;
      }
    }
    return false;
  }

  // ---- JWT

  /** The end of the JWT that begins here; 0 if none does. */
  private static int tokenEnd(String s, int from, int at, int to) {
    if (s.charAt(at) != 'e' || at + 2 >= to) {
      return 0;
    }
    char second = s.charAt(at + 1);
    if (second != 'y' && second != 'w') {
      return 0;
    }
    long hit = Secrets.jwt(s, from, second == 'w' ? at + 1 : at + 2, to);
    return hit < 0 ? 0 : (int) hit;
  }

  private static void token(
      View view, int start, int end, boolean all, Supplier<FieldPath> path, Findings findings) {
    if (!findings.opensTokens()) {
      return;
    }
    FieldPath where = path.get();
    if (isProof(where, all)) {
      return;
    }
    String s = view.text;
    int payload = s.indexOf('.', start) + 1;
    int signature = s.indexOf('.', payload);
    Base64Text head = Base64Text.at(s, start, payload - 1);
    Base64Text body = Base64Text.at(s, payload, signature < 0 || signature > end ? end : signature);
    Scan inHead = Bodies.scanDecoded(head.decoded, findings, where, 0);
    Scan inBody = Bodies.scanDecoded(body.decoded, findings, where, 0);
    List<Finding> ofHead = inHead.findings();
    List<Finding> ofBody = inBody.findings();
    boolean blocked = inHead.blocked() || inBody.blocked();
    int count = ofHead.size() + ofBody.size();
    int from = start;
    for (int i = 0; i < count; i++) {
      int next = i + 1;
      int to =
          next == count
              ? end
              : next < ofHead.size()
                  ? head.position(ofHead.get(next).start())
                  : body.position(ofBody.get(next - ofHead.size()).start());
      Finding finding = i < ofHead.size() ? ofHead.get(i) : ofBody.get(i - ofHead.size());
      findings.addIn(view, from, to, finding, i == 0 ? Kind.JWT.placeholder() : "", blocked);
      from = to;
    }
  }
}
