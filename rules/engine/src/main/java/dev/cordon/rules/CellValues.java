package dev.cordon.rules;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a call as a proof supposes them; see {@link FieldCells}. */
final class CellValues extends CallValues {
  private final boolean hasOperations;
  private final FieldTable table;
  private FieldValues fields;
  private final Map<String, FieldCells.Text> texts = new HashMap<>();
  private final Map<FieldsCheck, Truth> listed = new HashMap<>();
  private final Map<Set<String>, Truth> held = new HashMap<>();
  private Truth heldOtherwise = Truth.FALSE;
  private Map<String, Integer> origins = Map.of();
  private final RuleText names;

  CellValues(RuleFile file, CallFacts facts, boolean hasOperations) {
    super(file, facts, Target.parse(facts.url()));
    this.hasOperations = hasOperations;
    table = file.fields();
    names = new RuleText(file);
    fields = new FieldValues(table, Map.of());
  }

  /** Nothing stands anywhere. */
  void clear(boolean form) {
    fields = new FieldValues(table, Map.of());
    if (form) {
      fields.setForm();
    }
    texts.clear();
    listed.clear();
    held.clear();
    heldOtherwise = Truth.FALSE;
  }

  void setUnknown() {
    fields.setUnknown();
  }

  void put(String path, FieldCells.Field field) {
    int number = table.find(path);
    if (number >= 0) {
      field.putInto(fields, number);
    }
  }

  /**
   * @param place {@code query NAME} or {@code header name}
   */
  void put(String place, FieldCells.Text text) {
    texts.put(place, text);
  }

  void setListed(FieldsCheck check, Truth truth) {
    listed.put(check, truth);
  }

  void setHeld(Set<String> types, Truth truth) {
    held.put(new HashSet<>(types), truth);
  }

  /** What the body holds of all other types. */
  void setHeldOtherwise(Truth truth) {
    heldOtherwise = truth;
  }

  void setOrigins(Map<String, Integer> known) {
    origins = known;
  }

  @Override
  Truth cameFrom(Condition.CameFrom asked, Evaluation call) {
    return cameFrom(asked, call, origins.getOrDefault(names.origin(asked), LeafCells.NOT_KNOWN));
  }

  /** What is not there came from nowhere. */
  static Truth cameFrom(Condition.CameFrom asked, Evaluation call, int known) {
    boolean told = known >= (asked.whole() ? LeafCells.WHOLE_KNOWN : LeafCells.PART_KNOWN);
    return told && asked.place().exists(call) == Truth.TRUE ? Truth.TRUE : Truth.UNKNOWN;
  }

  /** Of a call that is read, the values of which are supposed to come from somewhere. */
  static CallValues reading(RuleFile file, CallFacts facts, Map<String, Integer> origins) {
    RuleText names = new RuleText(file);
    return new CallValues(file, facts, Target.parse(facts.url())) {
      @Override
      Truth cameFrom(Condition.CameFrom asked, Evaluation call) {
        return CellValues.cameFrom(
            asked, call, origins.getOrDefault(names.origin(asked), LeafCells.NOT_KNOWN));
      }
    };
  }

  /** Of a call by method and path: its body changes nothing but the fields. */
  @Override
  BodyFormat format() {
    return hasOperations ? super.format() : BodyFormat.NONE;
  }

  @Override
  FieldValues fields() {
    return fields;
  }

  @Override
  @Nullable FieldValues readFields() {
    return null;
  }

  @Override
  Truth listed(FieldsCheck check) {
    return listed.getOrDefault(check, Truth.UNKNOWN);
  }

  @Override
  Truth bodyHas(Set<String> types, Detector detector) {
    return held.getOrDefault(types, heldOtherwise);
  }

  @Override
  Truth testQuery(String name, FieldValues.Test test) {
    return text("query " + name).test(test);
  }

  @Override
  Truth queryExists(String name) {
    return text("query " + name).exists();
  }

  @Override
  Truth testHeader(String name, FieldValues.Test test) {
    return text("header " + Fold.lower(name)).test(test);
  }

  @Override
  @Nullable String header(String name) {
    Object value = text("header " + Fold.lower(name)).value();
    return value instanceof String text ? text : null;
  }

  @Override
  Truth headerExists(String name) {
    return text("header " + Fold.lower(name)).exists();
  }

  private FieldCells.Text text(String place) {
    return texts.getOrDefault(place, FieldCells.Text.ABSENT);
  }
}
