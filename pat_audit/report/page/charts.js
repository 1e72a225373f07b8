// Draws what the tables count. Every number is also there as text, so drawings are hidden from screen readers.

/** A bar in which each severity has its part; `most` is the longest bar's count. */
function severityBar(counts, most) {
  const parts = SEVERITIES.map((each) => [counts[each.rank], each.name]).filter(([count]) => count > 0);
  return stackedBar(parts, most);
}

/** `parts` are [count, style] from left to right. */
function stackedBar(parts, most) {
  let from = 0;
  const pieces = parts.map(([count, style]) => {
    const width = (100 * count) / Math.max(most, 1);
    const piece = drawing("rect", { x: from, y: 0, width: Math.max(width, 0.8), height: 10, class: `fill-${style}` });
    from += width;
    return piece;
  });
  return drawing("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, pieces);
}

/** A ring in which each part has its share, with the whole in the middle. */
function ring(parts, label) {
  const radius = 42;
  const length = 2 * Math.PI * radius;
  const whole = parts.reduce((sum, [count]) => sum + count, 0);
  let turned = 0;
  const pieces = parts.filter(([count]) => count > 0).map(([count, style]) => {
    const share = count / whole;
    const piece = drawing("circle", {
      cx: 60, cy: 60, r: radius, class: `ring-piece stroke-${style}`,
      "stroke-dasharray": `${share * length} ${length}`, transform: `rotate(${turned * 360 - 90} 60 60)`,
    });
    turned += share;
    return piece;
  });
  return drawing(
    "svg", { class: "ring", viewBox: "0 0 120 120", "aria-hidden": "true" },
    drawing("circle", { cx: 60, cy: 60, r: radius, class: "ring-back" }),
    pieces,
    drawing("text", { x: 60, y: 60, class: "ring-number" }, numbers.format(whole)),
    drawing("text", { x: 60, y: 77, class: "ring-label" }, label),
  );
}
