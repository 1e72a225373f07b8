// The overview and the tables that count findings by service, credential, file and rule.

const PANELS = [
  { facet: "service", title: "By service", head: "Service" },
  { facet: "rule", title: "By rule", head: "Rule" },
  { facet: "credential", title: "By credential", head: "Credential" },
  { facet: "file", title: "By file", head: "File" },
];
const SOME = 8; // rows of a panel before it is opened
const MOST = 500; // and after that
const opened = new Set();
const ruleNames = new Map(data.rules.map((rule) => [rule[0], rule[1]]));

function showOverview(list) {
  const counts = bySeverity(list);
  const files = new Set(list.map((finding) => finding.file)).size;
  const cards = SEVERITIES.map((each) =>
    element("div", { class: `card card-${each.name}` },
      element("p", { class: "card-number" }, numbers.format(counts[each.rank])),
      element("p", { class: "card-label" }, `${each.sign} ${each.name}${counts[each.rank] === 1 ? "" : "s"}`)));
  cards.push(
    element("div", { class: "card" },
      element("p", { class: "card-number" }, numbers.format(files)),
      element("p", { class: "card-label" }, `of ${counted(data.files, "file")} with findings`)),
    element("div", { class: "card" },
      element("p", { class: "card-number" }, numbers.format(data.suppressed - data.baselined)),
      element("p", { class: "card-label" }, "suppressed by comments")),
    data.baselined ? element("div", { class: "card" },
      element("p", { class: "card-number" }, numbers.format(data.baselined)),
      element("p", { class: "card-label" }, "in the baseline")) : null,
  );
  byId("overview").replaceChildren(
    element("div", { class: "cards" }, cards,
      list.length ? element("div", { class: "card card-wide" }, severityBar(counts, list.length)) : null),
    findings.length ? fixablePanel() : "",
  );
}

/** How much of it a tool mends, as a ring and a table. */
function fixablePanel() {
  const list = findings.filter((finding) => matches(finding, "fixable"));
  const parts = FIXABLE.map((each) => ({ ...each, count: list.filter((finding) => finding.fixable === each.value).length }));
  const rows = parts.map((each) => element("tr", {},
    element("th", { scope: "row" },
      element("span", { class: `dot back-${each.style}`, "aria-hidden": "true" }),
      facetButton("fixable", String(each.value), each.name)),
    element("td", {}, numbers.format(each.count))));
  return element("div", { class: "panel fixable" },
    ring(parts.map((each) => [each.count, each.style]), list.length === 1 ? "finding" : "findings"),
    element("table", { class: "counts" },
      element("caption", {}, "What can be fixed"),
      element("thead", { class: "unseen" }, element("tr", {},
        element("th", { scope: "col" }, "How"), element("th", { scope: "col" }, "Findings"))),
      element("tbody", {}, rows)));
}

function showPanels() {
  byId("panels").replaceChildren(...PANELS.map(panel));
}

function panel({ facet, title, head }) {
  const groups = grouped(facet);
  const most = Math.max(1, ...groups.slice(0, 1).map((group) => group.all), ...groups.map((group) => group.all));
  const limit = opened.has(facet) ? MOST : SOME;
  const visible = groups.slice(0, limit);
  const rows = visible.map((group) => element("tr", {},
    element("th", { scope: "row" }, facetButton(facet, group.value, group.value,
      facet === "rule" ? ruleNames.get(group.value) : "")),
    element("td", { class: "bar-cell" }, severityBar(group.counts, most)),
    element("td", {}, numbers.format(group.all), element("span", { class: "unseen" }, spokenCounts(group.counts)))));
  const left = groups.length - visible.length;
  const more = left > 0 || opened.has(facet)
    ? element("button", { type: "button", class: "plain", "aria-expanded": String(opened.has(facet)), "data-opens": facet,
        onclick: () => { toggle(opened, facet); showPanels(); focusOn(`[data-opens="${facet}"]`); } },
      opened.has(facet) ? (left > 0 ? `Show fewer (${numbers.format(left)} more not listed)` : "Show fewer") : `Show ${numbers.format(left)} more`)
    : null;
  return element("div", { class: "panel" },
    element("table", { class: "counts" },
      element("caption", {}, title, " ", element("span", { class: "quiet" }, numbers.format(groups.length))),
      element("thead", { class: "unseen" }, element("tr", {},
        element("th", { scope: "col" }, head), element("th", { scope: "col" }, "Share"),
        element("th", { scope: "col" }, "Findings"))),
      element("tbody", {}, rows)),
    groups.length === 0 ? element("p", { class: "quiet" }, "Nothing to show.") : null,
    more);
}

/** Each value of a facet among what the other filters leave, with its counts, the most serious first. */
function grouped(facet) {
  const groups = new Map();
  for (const finding of findings) {
    if (!matches(finding, facet)) continue;
    const value = finding[facet];
    let group = groups.get(value);
    if (group === undefined) groups.set(value, (group = { value, all: 0, counts: { 1: 0, 2: 0, 3: 0 } }));
    group.all += 1;
    group.counts[finding.severity] += 1;
  }
  return [...groups.values()].sort((a, b) =>
    b.counts[3] - a.counts[3] || b.counts[2] - a.counts[2] || b.counts[1] - a.counts[1] || compare(a.value, b.value));
}

/** A button that narrows the page to one value, and pressed again takes that back. */
function facetButton(facet, value, label, more = "") {
  const pressed = state[facet] === value;
  return element("button", {
    type: "button", class: "facet", "aria-pressed": String(pressed), "data-facet": facet, "data-value": value,
    onclick: () => {
      change({ [facet]: pressed ? "" : value });
      focusOn(`[data-facet="${facet}"][data-value="${CSS.escape(value)}"]`);
    },
  }, label, more ? element("span", { class: "quiet" }, ` ${more}`) : null);
}

function spokenCounts(counts) {
  const said = SEVERITIES.filter((each) => counts[each.rank]).map((each) => counted(counts[each.rank], each.name));
  return `: ${said.join(", ")}`;
}

function bySeverity(list) {
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (const finding of list) counts[finding.severity] += 1;
  return counts;
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}

/** Elements are made anew when the page changes; the focus goes to the one that took the old one's place. */
function focusOn(selector) {
  document.querySelector(selector)?.focus({ preventScroll: true });
}
