package dev.cordon.rules;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * SOAP 1.1 and 1.2 over HTTP. The operation is the one element in the envelope's body; a {@code
 * SOAPAction} header or an {@code action} parameter that names another one leaves it unclear.
 */
final class SoapRequest {
  private static final List<String> NAMESPACES =
      List.of(
          "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");

  private SoapRequest() {}

  /** {@code ?wsdl}, {@code ?singleWsdl}, {@code ?xsd=1}: a GET that runs nothing. */
  static boolean asksForDescription(CallFacts facts, Target target) {
    FormReader pairs = FormReader.query(facts.url(), target);
    while (pairs.next()) {
      if (!pairs.keyIs("wsdl") && !pairs.keyIs("singleWsdl") && !pairs.keyIs("xsd")) {
        return false;
      }
    }
    return true;
  }

  static void read(CallFacts facts, BodyFormat format, Operations out) {
    try {
      if (format != BodyFormat.XML) {
        throw new JsonKeys.Unclear("no XML");
      }
      List<String> addressed = new ArrayList<>();
      String element = element(XmlReader.of(facts.body()), addressed);
      checkAgreement(facts.headers(), element);
      if (addressed.size() > 1) {
        throw new JsonKeys.Unclear("two actions");
      }
      for (String action : addressed) {
        checkAddressed(action.strip(), element);
      }
      out.add(Operation.soap(element));
    } catch (IOException | RuntimeException e) {
      out.setUnclear();
    }
  }

  /**
   * @param addressed gets what WS-Addressing says the action is: there are servers that dispatch by
   *     it and do not look at the body
   */
  private static String element(XmlReader xml, List<String> addressed) throws JsonKeys.Unclear {
    String envelope = "";
    String element = "";
    int bodies = 0;
    int elements = 0;
    boolean inBody = false;
    boolean inAction = false;
    for (int event = xml.next(); event != XmlReader.DONE; event = xml.next()) {
      if (inAction) {
        boolean text = event == XmlReader.TEXT && !xml.isTextCut();
        if (!text && event != XmlReader.END) {
          throw new JsonKeys.Unclear("more than a text in an action");
        }
        if (text) {
          addressed.set(addressed.size() - 1, xml.text());
        }
        inAction = text;
        continue;
      }
      if (event != XmlReader.START) {
        if (event == XmlReader.TEXT && xml.depth() < 3 && !xml.text().isBlank()) {
          throw new JsonKeys.Unclear("text between the parts of an envelope");
        }
        continue;
      }
      if (xml.depth() == 1) {
        envelope = xml.namespace();
        if (!xml.name().equals("Envelope") || !NAMESPACES.contains(envelope)) {
          throw new JsonKeys.Unclear("no envelope");
        }
      } else if (xml.depth() == 2) {
        inBody = Fold.same("body", xml.name());
        boolean header = xml.name().equals("Header") && bodies == 0;
        boolean body = xml.name().equals("Body");
        if ((!header && !body) || !xml.namespace().equals(envelope)) {
          throw new JsonKeys.Unclear("another part");
        }
        bodies += inBody ? 1 : 0;
      } else if (xml.depth() == 3 && inBody) {
        element = xml.name();
        elements++;
      } else if (xml.depth() == 3
          && Fold.same("action", xml.name())
          && Fold.lower(xml.namespace()).contains("addressing")) {
        addressed.add("");
        inAction = true;
      }
    }
    if (bodies != 1 || elements != 1) {
      throw new JsonKeys.Unclear("not one element in one body");
    }
    return element;
  }

  private static void checkAgreement(List<String> headers, String element) throws JsonKeys.Unclear {
    boolean found = false;
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same("soapaction", headers.get(i))) {
        if (found) {
          throw new JsonKeys.Unclear("two actions");
        }
        found = true;
        checkAction(headers.get(i + 1).strip(), element);
      } else if (Fold.same("content-type", headers.get(i))) {
        MediaType type = MediaType.parse(headers.get(i + 1));
        if (type == null) {
          throw new JsonKeys.Unclear("no media type");
        }
        String action = type.parameter("action");
        if (action != null) {
          checkAction(action, element);
        }
      }
    }
  }

  /** Unlike a header of HTTP it is never empty, and its last word may have {@code Request}. */
  private static void checkAddressed(String action, String element) throws JsonKeys.Unclear {
    if (action.isEmpty()) {
      throw new JsonKeys.Unclear("no action");
    }
    boolean isInput = action.endsWith(element + "Request");
    checkAction(
        isInput ? action.substring(0, action.length() - "Request".length()) : action, element);
  }

  /** An action is empty, the element's name, or a URI that ends in it. */
  private static void checkAction(String written, String element) throws JsonKeys.Unclear {
    String action = XmlReader.unquoted(written);
    if (action == null) {
      throw new JsonKeys.Unclear("bad quotes");
    }
    if (action.isEmpty()) {
      return;
    }
    int start = action.length();
    while (start > 0 && "/#:".indexOf(action.charAt(start - 1)) < 0) {
      start--;
    }
    String last = action.substring(start);
    if (!last.equals(element) && !(last + "Request").equals(element)) {
      throw new JsonKeys.Unclear("another action");
    }
  }
}
