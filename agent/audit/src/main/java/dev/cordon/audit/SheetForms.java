package dev.cordon.audit;

import dev.cordon.audit.Sheet.Cell;
import dev.cordon.audit.Sheet.Column;
import dev.cordon.audit.Sheet.Table;
import dev.cordon.audit.Sheet.Unit;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sheet as text, CSV, JSON or a page. */
final class SheetForms {

  static final Set<String> OPTIONS = Set.of("--format", "-o");

  static final String HELP =
      """
            --format F   text, csv, json or html: one page with charts that needs nothing else
        -o FILE          write there, as a whole, and replace what is there
      """;

  private static final int LEAST_COLUMNS = 8; // of a shortened text
  private static final String BETWEEN = "  ";

  private SheetForms() {}

  /** Shows a sheet as the options say. */
  static void show(Sheet sheet, Arguments given, PrintStream out)
      throws UsageException, IOException {
    String format = format(given);
    String file = given.value("-o");
    String text =
        switch (format) {
          case "csv" -> csv(sheet);
          case "json" -> json(sheet);
          case "html" -> SheetPage.of(sheet);
          default -> text(sheet, file == null ? Terminal.columns() : Terminal.UNLIMITED);
        };
    if (file == null) {
      out.print(text);
      return;
    }
    write(Path.of(file), text);
  }

  /** Asked before anything is read, so that a mistake is told at once. */
  static String format(Arguments given) throws UsageException {
    return given.oneOf("--format", "text", "csv", "json", "html");
  }

  /** A reader sees the file before or after, never a part. */
  static void write(Path file, String text) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new-" + ProcessHandle.current().pid());
    try {
      Files.writeString(
          made,
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  // ---- text

  static String text(Sheet sheet, int columns) {
    StringBuilder to = new StringBuilder(4096);
    to.append(sheet.title).append('\n');
    int width = 0;
    for (String name : sheet.facts.keySet()) {
      width = Math.max(width, name.length());
    }
    for (Map.Entry<String, String> fact : sheet.facts.entrySet()) {
      String line = BETWEEN + padded(fact.getKey(), width) + BETWEEN + Plain.text(fact.getValue());
      to.append(shortened(line, Math.max(columns, width + LEAST_COLUMNS))).append('\n');
    }
    for (Table table : sheet.tables) {
      to.append('\n').append(table.title).append('\n');
      if (!table.note.isEmpty()) {
        to.append(BETWEEN).append(table.note).append('\n');
      }
      if (table.rows.isEmpty()) {
        to.append(BETWEEN).append("none\n");
      } else {
        rows(table, columns, to);
      }
    }
    return to.toString();
  }

  private static void rows(Table table, int columns, StringBuilder to) {
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>();
    table.columns.forEach(column -> head.add(column.title()));
    lines.add(head);
    for (List<Cell> row : table.rows) {
      List<String> line = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        line.add(Plain.text(Sheet.shown(row.get(i), table.columns.get(i).unit())));
      }
      lines.add(line);
    }
    int[] widths = new int[head.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    fit(widths, table.columns, columns);
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder(120);
      for (int i = 0; i < line.size(); i++) {
        String cell = shortened(line.get(i), widths[i]);
        boolean left = table.columns.get(i).unit() == Unit.TEXT;
        text.append(BETWEEN);
        text.append(left ? padded(cell, widths[i]) : " ".repeat(widths[i] - cell.length()) + cell);
      }
      to.append(text.toString().stripTrailing()).append('\n');
    }
  }

  /** Takes room from the widest texts until all columns fit. */
  private static void fit(int[] widths, List<Column> columns, int room) {
    while (true) {
      long total = 0;
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        total += widths[i] + BETWEEN.length();
        if (columns.get(i).unit() == Unit.TEXT
            && widths[i] > LEAST_COLUMNS
            && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (total <= room || widest < 0) {
        return;
      }
      widths[widest]--;
    }
  }

  private static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  private static String shortened(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int head = (width - 1) / 2;
    return text.substring(0, head) + "~" + text.substring(text.length() - (width - 1 - head));
  }

  // ---- csv

  /** One table is told as it is; several as table, row, column, value. */
  static String csv(Sheet sheet) {
    StringBuilder to = new StringBuilder(4096);
    if (sheet.tables.size() == 1) {
      Table table = sheet.tables.get(0);
      to.append(String.join(",", table.columns.stream().map(Column::id).toList())).append("\r\n");
      for (List<Cell> row : table.rows) {
        for (int i = 0; i < row.size(); i++) {
          to.append(i == 0 ? "" : ",").append(value(row.get(i)));
        }
        to.append("\r\n");
      }
      return to.toString();
    }
    to.append("table,row,column,value\r\n");
    sheet.facts.forEach(
        (name, value) ->
            to.append("facts,0,").append(Csv.line(List.of(name, value))).append("\r\n"));
    for (Table table : sheet.tables) {
      for (int row = 0; row < table.rows.size(); row++) {
        for (int i = 0; i < table.columns.size(); i++) {
          to.append(table.id).append(',').append(row).append(',');
          to.append(table.columns.get(i).id()).append(',');
          to.append(value(table.rows.get(row).get(i))).append("\r\n");
        }
      }
    }
    return to.toString();
  }

  private static String value(Cell cell) {
    String text = cell.text();
    return text != null ? Csv.cell(text) : cell.number() < 0 ? "" : Long.toString(cell.number());
  }

  // ---- json

  static String json(Sheet sheet) {
    Json json = new Json().open('{').text("title", sheet.title).key("facts").open('{');
    sheet.facts.forEach(json::text);
    json.close('}');
    for (Table table : sheet.tables) {
      json.key(table.id).open('[');
      for (List<Cell> row : table.rows) {
        json.item().open('{');
        for (int i = 0; i < row.size(); i++) {
          Cell cell = row.get(i);
          String text = cell.text();
          if (text != null) {
            json.text(table.columns.get(i).id(), text);
          } else if (cell.number() >= 0) {
            json.number(table.columns.get(i).id(), cell.number());
          }
        }
        json.close('}');
      }
      json.close(']');
    }
    return json.close('}') + "\n";
  }
}
