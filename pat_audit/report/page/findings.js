// The list of findings: its filters, its rows, its pages.

const COLUMNS = [
  { name: "Severity", sort: "severity" },
  { name: "Rule", sort: "rule" },
  { name: "Where", sort: "file" },
  { name: "What" },
  { name: "Credential", sort: "credential" },
  { name: "Service", sort: "service" },
];
const PAGE = 50;
const open = new Set();

function makeFilters() {
  const select = (key, label, choices) => element("label", {}, label,
    element("select", { id: `by-${key}`, onchange: (event) => change({ [key]: event.target.value }) },
      choices.map(([value, name]) => element("option", { value }, name))));
  const values = (key, all) => [["", all], ...[...new Set(findings.map((finding) => finding[key]))].sort(compare)
    .map((value) => [value, key === "rule" ? `${value} ${ruleNames.get(value)}` : value])];
  const box = (id, label, checked) => element("label", { class: "box" }, element("input", { type: "checkbox", id, onchange: checked }), label);
  let waiting = 0;
  filled(byId("filters"), {}, [
    element("label", { class: "search" }, "Search",
      element("input", { type: "search", id: "words", autocomplete: "off", spellcheck: "false",
        placeholder: "message, file, code, address",
        oninput: (event) => {
          clearTimeout(waiting);
          waiting = setTimeout(() => change({ words: event.target.value.trim() }), 150);
        } })),
    element("fieldset", {}, element("legend", {}, "Severity"),
      SEVERITIES.map((each) => box(`severity-${each.name}`, each.name, () => {
        const severities = new Set(state.severities);
        toggle(severities, each.rank);
        change({ severities });
      }))),
    select("rule", "Rule", values("rule", "all rules")),
    select("service", "Service", values("service", "all services")),
    select("fixable", "Fixable", [["", "any way"], ...FIXABLE.map((each) => [each.value, each.name])]),
    select("confidence", "Confidence", [["", "any"], ...Object.entries(CONFIDENCE).reverse()]),
    findings.some((finding) => finding.suppressed !== null)
      ? box("suppressed", "show suppressed", () => change({ suppressed: !state.suppressed })) : null,
    element("button", { type: "button", id: "clear", onclick: clear }, "Clear filters"),
  ]);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
}

function clear() {
  const none = { words: "", fixable: "", confidence: "", suppressed: false, severities: new Set(SEVERITIES.map((each) => each.rank)) };
  for (const facet of FACETS) none[facet] = "";
  change(none);
}

/** Makes the form say what the state is. */
function showFilters() {
  const words = byId("words");
  if (words.value.trim() !== state.words) words.value = state.words;
  for (const key of ["rule", "service", "fixable", "confidence"]) byId(`by-${key}`).value = state[key];
  for (const each of SEVERITIES) byId(`severity-${each.name}`).checked = state.severities.has(each.rank);
  if (byId("suppressed")) byId("suppressed").checked = state.suppressed;
  const names = { service: "Service", credential: "Credential", file: "File", rule: "Rule", words: "Search" };
  const chips = Object.keys(names).filter((key) => state[key] !== "").map((key) => element("li", {},
    element("button", { type: "button", class: "chip", "aria-label": `Remove the filter ${names[key]} ${state[key]}`,
      onclick: () => { change({ [key]: "" }); byId("words").focus(); } },
      `${names[key]}: ${state[key]} ✕`)));
  byId("chips").replaceChildren(...chips);
  byId("chips").hidden = chips.length === 0;
}

function showList(list) {
  const pages = Math.max(1, Math.ceil(list.length / PAGE));
  state.page = Math.min(state.page, pages - 1);
  const first = state.page * PAGE;
  const visible = list.slice(first, first + PAGE);
  byId("status").textContent = list.length === 0
    ? (findings.length === 0 ? "Nothing was found." : "No finding fits these filters.")
    : `${numbers.format(first + 1)}–${numbers.format(first + visible.length)} of ${counted(list.length, "finding")}`;
  byId("list").parentElement.hidden = list.length === 0;
  byId("filters").hidden = findings.length === 0;
  byId("list-head").replaceChildren(...COLUMNS.map(headCell));
  byId("list-body").replaceChildren(...visible.flatMap(row));
  showPages(pages);
}

function headCell({ name, sort }) {
  if (sort === undefined) return element("th", { scope: "col" }, name);
  const sorted = state.sort === sort;
  return element("th", { scope: "col", "aria-sort": sorted ? (state.down ? "descending" : "ascending") : null },
    element("button", { type: "button", class: "sort", "data-sort": sort,
      onclick: () => {
        change(sorted ? { down: !state.down } : { sort, down: true });
        focusOn(`[data-sort="${sort}"]`);
      } }, name, element("span", { "aria-hidden": "true" }, sorted ? (state.down ? " ▾" : " ▴") : "")));
}

function row(finding) {
  const severity = SEVERITY[finding.severity];
  const id = `details-${finding.number}`;
  const fixable = FIXABLE.find((each) => each.value === finding.fixable);
  const button = element("button", { type: "button", class: "opener", "aria-expanded": String(open.has(finding)),
    "aria-controls": id }, element("span", { class: "arrow", "aria-hidden": "true" }, "›"),
    element("span", {}, withCode(finding.message)));
  const below = element("tr", { id, class: "below", hidden: !open.has(finding) },
    element("td", { colspan: COLUMNS.length }, open.has(finding) ? details(finding) : null));
  button.addEventListener("click", () => {
    toggle(open, finding);
    const shown = open.has(finding);
    button.setAttribute("aria-expanded", String(shown));
    below.firstElementChild.replaceChildren(...(shown ? [details(finding)] : []));
    below.hidden = !shown;
  });
  const cells = element("tr", { class: finding.suppressed === null ? "finding" : "finding silent" },
    element("td", {}, element("span", { class: `severity severity-${severity.name}` },
      element("span", { "aria-hidden": "true" }, severity.sign), ` ${severity.name}`),
      finding.confidence < 3 ? element("span", { class: "quiet unsure" }, CONFIDENCE[finding.confidence]) : null),
    element("td", {}, finding.rule),
    element("td", { class: "path where" }, `${finding.file}:${finding.line}`),
    element("td", { class: "what" }, button,
      finding.fixable ? element("span", { class: `tag tag-${fixable.style}` }, `fixable ${fixable.name}`) : null,
      finding.suppressed === null ? null : element("span", { class: "tag" }, finding.baselined ? "in the baseline" : "suppressed")),
    element("td", { class: "path" }, finding.credential),
    element("td", {}, finding.service));
  return [cells, below];
}

function showPages(pages) {
  const to = (page, id) => () => {
    state.page = page;
    remember();
    showList(chosen());
    byId("findings-title").scrollIntoView();
    (byId(id).disabled ? byId("findings-title") : byId(id)).focus({ preventScroll: true });
  };
  byId("pages").hidden = pages < 2;
  byId("pages").replaceChildren(
    element("button", { type: "button", id: "previous", disabled: state.page === 0, onclick: to(state.page - 1, "previous") }, "Previous"),
    element("span", {}, `page ${numbers.format(state.page + 1)} of ${numbers.format(pages)}`),
    element("button", { type: "button", id: "next", disabled: state.page >= pages - 1, onclick: to(state.page + 1, "next") }, "Next"));
}
