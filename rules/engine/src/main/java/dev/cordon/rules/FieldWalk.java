package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the structure of a body down the tree of the fields that rules ask for. No recursion: no
 * body can overflow the application's stack; and no place of a body is visited twice, however many
 * {@code **} a path has.
 */
class FieldWalk {
  final FieldValues out;
  private Frame[] frames = new Frame[4];

  /** Of the open containers; {@code frame(depth)} takes the nodes of the next value. */
  int depth;

  FieldWalk(FieldValues out) {
    this.out = out;
  }

  /** The nodes of the whole body, as those of the next value. */
  final void start() {
    depth = 0;
    Frame first = frame(0);
    first.clear();
    first.add(out.table().root());
  }

  final Frame frame(int index) {
    if (index == frames.length) {
      frames = Arrays.copyOf(frames, index * 2);
    }
    Frame frame = frames[index];
    if (frame == null) {
      frame = new Frame();
      frames[index] = frame;
    }
    return frame;
  }

  /** The nodes of a field of an open container become those of the next value. */
  final Frame enterField(Frame open, String name) {
    return enterField(open, frame(depth), name);
  }

  final Frame enterField(Frame open, Frame next, String name) {
    next.clear();
    String loosely = null;
    for (int i = 0; i < open.size; i++) {
      FieldTable.Node node = open.nodes[i];
      if (!node.children.isEmpty()) {
        FieldTable.Node child = node.children.get(name);
        if (child != null) {
          next.add(child);
        }
        loosely = loosely == null ? Fold.loosely(name) : loosely;
        List<FieldTable.Node> likely = node.likely(loosely);
        for (int j = 0; j < likely.size(); j++) {
          if (likely.get(j) != child) { // Amount, to a server that minds no case, is amount
            out.flag(likely.get(j).here, FieldValues.OTHER_SOURCE);
          }
        }
      }
      if (node.isAnyDepth) {
        next.add(node);
      }
    }
    return next;
  }

  final Frame enterElement(Frame open) {
    return enterElement(open, frame(depth));
  }

  final Frame enterElement(Frame open, Frame next) {
    next.clear();
    for (int i = 0; i < open.size; i++) {
      FieldTable.Node node = open.nodes[i];
      if (node.elements != null) {
        next.add(node.elements);
      }
      if (node.isAnyDepth) {
        next.add(node);
      }
    }
    return next;
  }

  /** A value that is no container. */
  final void scalar(Frame here, int kind, long number, @Nullable Object object) {
    for (int i = 0; i < here.size; i++) {
      FieldTable.Node node = here.nodes[i];
      if (node.field >= 0) {
        out.captureOnce(node.field, kind, number, object);
      }
      if (!node.isAnyDepth) {
        out.flag(node.below, FieldValues.WRONG);
      }
    }
  }

  /** The start of an object or an array; what is in it follows. */
  final void open(Frame here, boolean array) {
    here.firstSlot = out.count();
    for (int i = 0; i < here.size; i++) {
      FieldTable.Node node = here.nodes[i];
      if (node.field >= 0) {
        out.captureOnce(node.field, array ? FieldValues.ARRAY : FieldValues.OBJECT, 0, null);
      }
      if (node.isAnyDepth) {
        continue;
      }
      if (array) {
        for (int j = 0; j < node.childList.size(); j++) {
          out.flag(node.childList.get(j).here, FieldValues.WRONG);
        }
        if (node.elements != null) {
          out.flag(node.elements.here, FieldValues.REACHED);
        }
      } else if (node.elements != null) {
        out.flag(node.elements.here, FieldValues.WRONG);
      }
    }
    here.lastSlot = out.count();
    here.elements = 0;
    here.isArray = array;
    here.clearSeen();
    depth++;
  }

  /** The end of the container that was opened last. */
  final void close() {
    Frame frame = frame(--depth);
    if (frame.isArray) {
      out.setElements(frame.firstSlot, frame.lastSlot, frame.elements);
      return;
    }
    for (int i = 0; i < frame.size; i++) {
      FieldTable.Node node = frame.nodes[i];
      if (!node.inElement || node.isAnyDepth) {
        continue;
      }
      for (int j = 0; j < node.childList.size(); j++) {
        FieldTable.Node child = node.childList.get(j);
        if (!frame.hasSeen(child.name)) {
          out.flag(child.here, FieldValues.MISSING);
        }
      }
    }
  }

  /** The nodes that a value, or the inside of a container, stands for. */
  static final class Frame {
    FieldTable.Node[] nodes = new FieldTable.Node[2];
    int size;
    boolean isArray;
    long elements;
    int firstSlot;
    int lastSlot;

    /** For how many levels from here on the names of fields are told. */
    int namedLevels;

    /** What a walk keeps of the container. */
    @Nullable StringBuilder text;

    boolean hasChildren;
    boolean isCut;

    /** What stands in it is perhaps not its value. */
    boolean isDoubtful;

    private @Nullable Set<String> seen;

    void clear() {
      size = 0;
      namedLevels = 0;
    }

    void add(FieldTable.Node node) {
      for (int i = 0; i < size; i++) {
        if (nodes[i] == node) {
          return;
        }
      }
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, size * 2);
      }
      nodes[size++] = node;
      if (node.anyDepth != null) {
        add(node.anyDepth);
      }
    }

    void addAll(List<FieldTable.Node> more) {
      for (int i = 0; i < more.size(); i++) {
        add(more.get(i));
      }
    }

    /** Leaves out the nodes of any depth that were carried over from the level before. */
    void dropAnyDepthOf(Frame before) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        boolean carried = false;
        for (int j = 0; j < before.size && nodes[i].isAnyDepth; j++) {
          carried |= before.nodes[j] == nodes[i];
        }
        if (!carried) {
          nodes[kept++] = nodes[i];
        }
      }
      size = kept;
    }

    List<FieldTable.Node> copy() {
      List<FieldTable.Node> copy = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        copy.add(nodes[i]);
      }
      return copy;
    }

    /** False when the name was there before. */
    boolean see(String name) {
      Set<String> names = seen;
      if (names == null) {
        names = new HashSet<>();
        seen = names;
      }
      return names.add(name);
    }

    boolean hasSeen(String name) {
      return seen != null && seen.contains(name);
    }

    void clearSeen() {
      if (seen != null) {
        seen.clear();
      }
    }
  }
}
