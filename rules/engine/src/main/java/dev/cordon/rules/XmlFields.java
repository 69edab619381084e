package dev.cordon.rules;

/**
 * Reads the fields of an XML text: elements by their names without prefixes, from the root on;
 * attributes as {@code @name}. An element that may repeat is {@code name[]}.
 */
final class XmlFields extends FieldWalk {
  private static final String INCLUDES = "http://www.w3.org/2001/XInclude";

  private final XmlReader xml;
  private final int namedDepth;

  private XmlFields(FieldValues out, XmlReader xml, Protocol protocol) {
    super(out);
    this.xml = xml;
    namedDepth = protocol == Protocol.SOAP ? 4 : 2; // what is in the called element, or in the root
  }

  static void read(FieldValues out, byte[] body, Protocol protocol) {
    try {
      new XmlFields(out, XmlReader.of(body), protocol).run();
    } catch (JsonKeys.Unclear | RuntimeException e) {
      out.setUnknown();
    }
  }

  private void run() throws JsonKeys.Unclear {
    start();
    open(0); // the text itself holds the root element
    for (int event = xml.next(); event != XmlReader.DONE; event = xml.next()) {
      switch (event) {
        case XmlReader.START -> startElement();
        case XmlReader.END -> endElement();
        default -> text();
      }
    }
  }

  private void open(int at) {
    Frame here = frame(at);
    here.isArray = false;
    here.hasChildren = false;
    here.isCut = false;
    here.isDoubtful = false;
    here.text = null;
    here.clearSeen();
    depth = at + 1;
  }

  private void startElement() {
    String name = xml.name();
    Frame parent = frame(depth - 1);
    parent.hasChildren = true;
    Frame here = enterField(parent, name);
    boolean again = !parent.see(name);
    int own = here.size;
    for (int i = 0; i < own; i++) {
      FieldTable.Node node = here.nodes[i];
      if (again) {
        out.flagSingle(node.here, FieldValues.WRONG); // which of them is it?
      }
      if (node.elements != null) {
        out.flag(node.elements.here, FieldValues.REACHED);
        here.add(node.elements);
      }
    }
    if (depth == namedDepth) {
      out.noteName(name);
    }
    open(depth);
    for (int i = 0; i < xml.attributes(); i++) {
      if (!xml.isDeclaration(i)) {
        String attribute = "@" + xml.attributeName(i);
        here.isDoubtful |= isElsewhere(xml.attributeName(i), xml.attributeValue(i));
        here.see(attribute);
        scalar(enterField(here, attribute), FieldValues.TEXT, 0, xml.attributeValue(i));
      } else if (xml.attributeValue(i).strip().equals(INCLUDES)) {
        out.setUnknown(); // what is included may be any field
      }
    }
  }

  /** {@code xsi:nil} makes an element null, a reference of SOAP takes another one for it. */
  private static boolean isElsewhere(String attribute, String value) {
    return attribute.equals("nil")
        ? !value.strip().equals("false") && !value.strip().equals("0")
        : attribute.equals("href") && (value.indexOf('#') >= 0 || value.strip().startsWith("cid:"))
            || attribute.equals("ref") && !value.isBlank();
  }

  private void text() {
    Frame here = frame(depth - 1);
    String text = xml.text();
    if (text.isBlank() && here.hasChildren) {
      return;
    }
    StringBuilder all = here.text;
    if (all == null) {
      all = new StringBuilder();
      here.text = all;
    }
    all.append(text);
    here.isCut |= xml.isTextCut();
  }

  private void endElement() {
    Frame here = frame(depth - 1);
    String text = here.text == null ? "" : here.text.toString();
    boolean mixed = here.hasChildren && !text.isBlank();
    boolean odd = !here.hasChildren && (here.isCut || !text.equals(text.strip()));
    odd |= here.isDoubtful && !text.isEmpty();
    if (here.isDoubtful && here.hasChildren && here.size > 0) {
      out.setUnknown();
    }
    for (int i = 0; i < here.size; i++) {
      FieldTable.Node node = here.nodes[i];
      if (node.field >= 0) {
        if (here.hasChildren) {
          out.captureOnce(node.field, FieldValues.OBJECT, 0, null);
        } else {
          out.captureOnce(node.field, FieldValues.TEXT, 0, text);
        }
        if (mixed || odd) {
          out.flag(node.field, FieldValues.WRONG);
        }
      }
    }
    close();
  }
}
