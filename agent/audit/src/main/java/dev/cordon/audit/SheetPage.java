package dev.cordon.audit;

import dev.cordon.audit.Sheet.Cell;
import dev.cordon.audit.Sheet.Column;
import dev.cordon.audit.Sheet.Table;
import dev.cordon.audit.Sheet.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A sheet as one page that needs nothing else: no script, no font, no picture from anywhere, and a
 * policy that forbids them. Every text is escaped where it is written, by {@link #text}.
 */
final class SheetPage {

  private static final int MAX_BARS = 15;
  private static final int CHART_WIDTH = 720;
  private static final int BAR_HEIGHT = 22;
  private static final int LABEL_WIDTH = 240;
  private static final int LABEL_CHARS = 34;
  private static final int COLUMNS_HEIGHT = 200;
  private static final int AXIS_WIDTH = 56;
  private static final int MAX_COLUMNS = 600; // as many as have a pixel
  private static final int COLORS = 7;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--paper:#fff;
      --c0:#2a78d6;--c1:#1a9e77;--c2:#b7860b;--c3:#c2620a;--c4:#c5363a;--c5:#7d56c2;--c6:#6e7781}
      @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;
      --paper:#0d1117;--c0:#5ea4f5;--c1:#3fc79a;--c2:#dcb13c;--c3:#f0913e;--c4:#f47067;
      --c5:#b08cf0;--c6:#9198a1}}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
      max-width:1080px;margin:2em auto;padding:0 1em}
      h1{font-size:1.5em}h2{font-size:1.15em;margin:2em 0 .3em}
      dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em;margin:0}
      dt,.note{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
      .wide{overflow-x:auto}table{border-collapse:collapse;margin:.6em 0}
      th,td{text-align:left;padding:.2em .9em .2em 0;border-bottom:1px solid var(--line);
      vertical-align:top;overflow-wrap:anywhere}
      th{color:var(--soft);font-weight:600;white-space:nowrap}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      svg{display:block;max-width:100%;height:auto;margin:.6em 0}
      svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .s{fill:var(--soft)}
      svg .l{stroke:var(--line)}
      .c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}
      .c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}
      .key{color:var(--soft);margin:0;padding:0;list-style:none;display:flex;gap:1.2em;flex-wrap:wrap}
      .key svg{display:inline;margin:0 .4em 0 0;vertical-align:-1px}
      """;

  private final StringBuilder to = new StringBuilder(16 * 1024);
  private int charts;

  private SheetPage() {}

  static String of(Sheet sheet) {
    return new SheetPage().page(sheet);
  }

  private String page(Sheet sheet) {
    to.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    to.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    to.append("style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    to.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    to.append("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    text(sheet.title).append("</title>\n<style>\n").append(STYLE).append("</style>\n");
    to.append("</head>\n<body>\n<main>\n<h1>");
    text(sheet.title).append("</h1>\n<dl>\n");
    for (Map.Entry<String, String> fact : sheet.facts.entrySet()) {
      to.append("<dt>");
      text(fact.getKey()).append("</dt><dd>");
      text(fact.getValue()).append("</dd>\n");
    }
    to.append("</dl>\n");
    for (Table table : sheet.tables) {
      section(table);
    }
    return to.append("</main>\n</body>\n</html>\n").toString();
  }

  private void section(Table table) {
    to.append("<section>\n<h2>");
    text(table.title).append("</h2>\n");
    if (!table.note.isEmpty()) {
      to.append("<p class=\"note\">");
      text(table.note).append("</p>\n");
    }
    if (table.rows.isEmpty()) {
      to.append("<p>none</p>\n</section>\n");
      return;
    }
    switch (table.chart) {
      case NONE -> {}
      case BARS -> bars(table);
      case COLUMNS -> columns(table);
    }
    to.append("<div class=\"wide\"><table>\n<thead><tr>");
    for (Column column : table.columns) {
      to.append(
          column.unit() == Unit.TEXT ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
      text(column.title()).append("</th>");
    }
    to.append("</tr></thead>\n<tbody>\n");
    for (List<Cell> row : table.rows) {
      to.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        Unit unit = table.columns.get(i).unit();
        to.append(unit == Unit.TEXT ? "<td>" : "<td class=\"n\">");
        text(Sheet.shown(row.get(i), unit)).append("</td>");
      }
      to.append("</tr>\n");
    }
    to.append("</tbody>\n</table></div>\n</section>\n");
  }

  // ---- charts

  private static List<Integer> counted(Table table) {
    List<Integer> counted = new ArrayList<>();
    for (int i = 0; i < table.columns.size(); i++) {
      if (table.columns.get(i).unit() == Unit.COUNT) {
        counted.add(i);
      }
    }
    return counted;
  }

  private void bars(Table table) {
    List<Integer> counted = counted(table);
    if (counted.isEmpty()) {
      return;
    }
    int column = counted.get(0);
    int shown = Math.min(MAX_BARS, table.rows.size());
    long most = 1;
    for (int i = 0; i < shown; i++) {
      most = Math.max(most, table.rows.get(i).get(column).number());
    }
    String what = table.columns.get(column).title() + " by " + table.columns.get(0).title();
    open(what, shown * BAR_HEIGHT + 4, shown < table.rows.size() ? "The first " + shown : "All");
    for (int i = 0; i < shown; i++) {
      List<Cell> row = table.rows.get(i);
      long value = Math.max(0, row.get(column).number());
      int room = CHART_WIDTH - LABEL_WIDTH - 90;
      long width = value == 0 ? 0 : Math.max(1, Math.round((double) room * value / most));
      int y = i * BAR_HEIGHT;
      to.append("<text x=\"").append(LABEL_WIDTH - 8).append("\" y=\"").append(y + 15);
      to.append("\" text-anchor=\"end\">");
      text(label(row, table)).append("</text>");
      to.append("<rect class=\"c0\" rx=\"2\" x=\"").append(LABEL_WIDTH).append("\" y=\"");
      to.append(y + 3).append("\" height=\"").append(BAR_HEIGHT - 6).append("\" width=\"");
      to.append(width).append("\"/>");
      to.append("<text class=\"s\" x=\"").append(LABEL_WIDTH + width + 6).append("\" y=\"");
      to.append(y + 15).append("\">").append(value).append("</text>\n");
    }
    to.append("</svg>\n");
  }

  /** The texts in front of the first number. */
  private static String label(List<Cell> row, Table table) {
    StringBuilder label = new StringBuilder();
    for (int i = 0; i < row.size() && table.columns.get(i).unit() == Unit.TEXT; i++) {
      String text = Sheet.shown(row.get(i), Unit.TEXT);
      label.append(label.isEmpty() || text.isEmpty() ? "" : " ").append(text);
    }
    return label.length() <= LABEL_CHARS
        ? label.toString()
        : label.substring(0, LABEL_CHARS - 1) + "\u2026";
  }

  private void columns(Table table) {
    List<Integer> counted = counted(table);
    int from = Math.max(0, table.rows.size() - MAX_COLUMNS);
    int count = table.rows.size() - from;
    long most = 1;
    for (List<Cell> row : table.rows.subList(from, table.rows.size())) {
      most = Math.max(most, total(row, counted));
    }
    to.append("<ul class=\"key\">");
    for (int i = 0; i < counted.size(); i++) {
      to.append("<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"c");
      to.append(i % COLORS).append("\" width=\"12\" height=\"12\" rx=\"2\"/></svg>");
      text(table.columns.get(counted.get(i)).title()).append("</li>");
    }
    to.append("</ul>\n");
    String first = Sheet.shown(table.rows.get(from).get(0), Unit.TEXT);
    String last = Sheet.shown(table.rows.get(table.rows.size() - 1).get(0), Unit.TEXT);
    open(table.title, COLUMNS_HEIGHT + 44, "From " + first + " to " + last + ", at most " + most);
    axis(most);
    double step = (double) (CHART_WIDTH - AXIS_WIDTH - 4) / count;
    for (int i = 0; i < count; i++) {
      List<Cell> row = table.rows.get(from + i);
      double top = COLUMNS_HEIGHT + 10;
      for (int j = 0; j < counted.size(); j++) {
        double height =
            (double) Math.max(0, row.get(counted.get(j)).number()) * COLUMNS_HEIGHT / most;
        if (height == 0) {
          continue;
        }
        top -= height;
        to.append("<rect class=\"c").append(j % COLORS).append("\" x=\"");
        to.append(tenths(AXIS_WIDTH + i * step)).append("\" y=\"").append(tenths(top));
        to.append("\" width=\"").append(tenths(Math.max(.8, step - (step > 4 ? 1 : 0))));
        to.append("\" height=\"").append(tenths(height)).append("\"><title>");
        text(Sheet.shown(row.get(0), Unit.TEXT)).append(": ");
        text(table.columns.get(counted.get(j)).title());
        to.append(' ').append(row.get(counted.get(j)).number()).append("</title></rect>\n");
      }
    }
    to.append("<text class=\"s\" x=\"").append(AXIS_WIDTH).append("\" y=\"");
    to.append(COLUMNS_HEIGHT + 28).append("\">");
    text(first).append("</text><text class=\"s\" text-anchor=\"end\" x=\"");
    to.append(CHART_WIDTH - 4).append("\" y=\"").append(COLUMNS_HEIGHT + 28).append("\">");
    text(last).append("</text>\n</svg>\n");
  }

  private void axis(long most) {
    for (int i = 0; i <= 2; i++) {
      int y = 10 + COLUMNS_HEIGHT - i * COLUMNS_HEIGHT / 2;
      to.append("<line class=\"l\" x1=\"").append(AXIS_WIDTH).append("\" x2=\"");
      to.append(CHART_WIDTH).append("\" y1=\"").append(y).append("\" y2=\"").append(y);
      to.append("\"/>");
      if (i == 0 || i == 2 || most % 2 == 0) {
        to.append("<text class=\"s\" text-anchor=\"end\" x=\"").append(AXIS_WIDTH - 6);
        to.append("\" y=\"").append(y + 4).append("\">").append(most * i / 2).append("</text>\n");
      }
    }
  }

  private static long total(List<Cell> row, List<Integer> counted) {
    long total = 0;
    for (int column : counted) {
      total = CallTable.sum(total, Math.max(0, row.get(column).number()));
    }
    return total;
  }

  private void open(String title, int height, String description) {
    int id = charts++;
    to.append("<svg role=\"img\" viewBox=\"0 0 ").append(CHART_WIDTH).append(' ').append(height);
    to.append("\" width=\"").append(CHART_WIDTH).append("\" height=\"").append(height);
    to.append("\" aria-labelledby=\"t")
        .append(id)
        .append(" d")
        .append(id)
        .append("\"><title id=\"t");
    to.append(id).append("\">");
    text(title).append("</title><desc id=\"d").append(id).append("\">");
    text(description + "; the table below has the numbers.").append("</desc>\n");
  }

  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }

  /** Text and nothing else: what could begin or end markup is written as what it is. */
  private StringBuilder text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> to.append("&amp;");
        case '<' -> to.append("&lt;");
        case '>' -> to.append("&gt;");
        case '"' -> to.append("&quot;");
        case '\'' -> to.append("&#39;");
        default -> to.append(c < 0x20 && c != '\n' || c >= 0x7f && c < 0xa0 ? '\ufffd' : c);
      }
    }
    return to;
  }
}
