package dev.cordon.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command has to tell, whatever form it is shown in: some facts, and tables. Its texts may
 * come from a journal, which somebody else wrote: each form keeps them from being anything but
 * text.
 */
final class Sheet {

  /** What the cells of a column are. */
  enum Unit {
    TEXT,
    COUNT,
    NS,
    BYTES
  }

  /** How a table is drawn besides. */
  enum Chart {
    NONE,
    /** Its first count, a bar for each row. */
    BARS,
    /** All its counts, stacked, a column for each row. */
    COLUMNS
  }

  record Column(String id, String title, Unit unit) {}

  /**
   * One cell: a text, or a number.
   *
   * @param number -1: there is none
   */
  record Cell(@Nullable String text, long number) {}

  /** Rows of cells, one for each column. */
  static final class Table {
    final String id;
    final String title;
    final String note;
    final Chart chart;
    final List<Column> columns = new ArrayList<>();
    final List<List<Cell>> rows = new ArrayList<>();

    private Table(String id, String title, String note, Chart chart) {
      this.id = id;
      this.title = title;
      this.note = note;
      this.chart = chart;
    }

    Table column(String columnId, String columnTitle, Unit unit) {
      columns.add(new Column(columnId, columnTitle, unit));
      return this;
    }

    Row row() {
      List<Cell> cells = new ArrayList<>(columns.size());
      rows.add(cells);
      return new Row(cells);
    }
  }

  /** Takes the cells of a row, from left to right. */
  record Row(List<Cell> cells) {
    Row text(String text) {
      cells.add(new Cell(text, -1));
      return this;
    }

    Row number(long number) {
      cells.add(new Cell(null, number));
      return this;
    }
  }

  final String title;
  final Map<String, String> facts = new LinkedHashMap<>();
  final List<Table> tables = new ArrayList<>();

  Sheet(String title) {
    this.title = title;
  }

  Sheet fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /**
   * @param id for programs
   * @param note what a reader has to know of it; may be empty
   */
  Table table(String id, String tableTitle, String note, Chart chart) {
    Table table = new Table(id, tableTitle, note, chart);
    tables.add(table);
    return table;
  }

  static String shown(Cell cell, Unit unit) {
    String text = cell.text();
    if (text != null) {
      return text;
    }
    return switch (unit) {
      case TEXT, COUNT -> cell.number() < 0 ? "" : Long.toString(cell.number());
      case NS -> Units.duration(cell.number());
      case BYTES -> Units.size(cell.number());
    };
  }
}
