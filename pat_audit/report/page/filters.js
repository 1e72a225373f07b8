// What of the report is shown: one state, kept in the address so that a link leads to the same view.

const FACETS = ["service", "credential", "file", "rule"];

const state = {
  words: "",
  severities: new Set(SEVERITIES.map((each) => each.rank)),
  fixable: "",
  confidence: "",
  suppressed: false,
  service: "",
  credential: "",
  file: "",
  rule: "",
  sort: "severity",
  down: true,
  page: 0,
};

/** Whether a finding is shown; a facet named by `but` is not asked. */
function matches(finding, but = "") {
  if (finding.suppressed !== null && !state.suppressed) return false;
  if (!state.severities.has(finding.severity)) return false;
  if (state.fixable !== "" && but !== "fixable" && finding.fixable !== Number(state.fixable)) return false;
  if (state.confidence !== "" && finding.confidence !== Number(state.confidence)) return false;
  for (const facet of FACETS) {
    if (state[facet] !== "" && facet !== but && finding[facet] !== state[facet]) return false;
  }
  return state.words === "" || state.words.toLowerCase().split(/\s+/).every((word) => searched(finding).includes(word));
}

const ORDERS = {
  severity: (a, b) => a.severity - b.severity || a.confidence - b.confidence || b.number - a.number,
  rule: (a, b) => compare(b.rule, a.rule) || b.number - a.number,
  file: (a, b) => b.number - a.number,
  service: (a, b) => compare(b.service, a.service) || b.number - a.number,
  credential: (a, b) => compare(b.credential, a.credential) || b.number - a.number,
};

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The findings that are shown, in order. */
function chosen() {
  const order = ORDERS[state.sort];
  return findings.filter((finding) => matches(finding)).sort((a, b) => (state.down ? order(b, a) : order(a, b)));
}

/** Changes the state and shows the page anew, from its first findings on. */
function change(changes) {
  Object.assign(state, { page: 0 }, changes);
  remember();
  show();
}

/** The state as the address has it: only what differs from the beginning. */
function remember() {
  const kept = new URLSearchParams();
  for (const key of ["words", "fixable", "confidence", ...FACETS]) if (state[key] !== "") kept.set(key, state[key]);
  if (state.severities.size < SEVERITIES.length) kept.set("severity", [...state.severities].join("."));
  if (state.suppressed) kept.set("suppressed", "1");
  if (state.sort !== "severity" || !state.down) kept.set("sort", `${state.sort}.${state.down ? "down" : "up"}`);
  if (state.page > 0) kept.set("page", state.page + 1);
  try {
    history.replaceState(null, "", `${location.pathname}${location.search}${kept.size ? `#${kept}` : "#"}`);
  } catch {
    // some programs that show pages have no history
  }
}

/** Takes the state from the address; what makes no sense is passed over. */
function recall() {
  const kept = new URLSearchParams(location.hash.slice(1));
  for (const key of ["words", "fixable", "confidence", ...FACETS]) state[key] = kept.get(key) ?? "";
  const ranks = (kept.get("severity") ?? "3.2.1").split(".").map(Number).filter((rank) => rank in SEVERITY);
  state.severities = new Set(ranks);
  state.suppressed = kept.get("suppressed") === "1";
  const [sort, way] = (kept.get("sort") ?? "severity.down").split(".");
  state.sort = Object.hasOwn(ORDERS, sort) ? sort : "severity";
  state.down = way !== "up";
  state.page = Math.max(0, (Number.parseInt(kept.get("page") ?? "1", 10) || 1) - 1);
}
