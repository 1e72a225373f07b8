// Reads the data that stands in the page: rows of numbers become findings with their texts.

const data = JSON.parse(byId("data").textContent);

const SEVERITIES = [
  { rank: 3, name: "error", sign: "▲" },
  { rank: 2, name: "warning", sign: "●" },
  { rank: 1, name: "note", sign: "■" },
];
const SEVERITY = Object.fromEntries(SEVERITIES.map((each) => [each.rank, each]));
const CONFIDENCE = { 3: "sure", 2: "likely", 1: "perhaps" };
const FIXABLE = [
  { value: 2, name: "with --fix", style: "safe" },
  { value: 1, name: "with --unsafe-fixes", style: "unsafe" },
  { value: 0, name: "by hand", style: "manual" },
];

const text = (number) => data.texts[number];
const place = (code) => (code === null ? null : { text: text(code[0]), start: code[1], width: code[2] });

const findings = data.findings.map((row, number) => {
  const rule = data.rules[row[0]];
  return {
    number,
    rule: rule[0],
    name: rule[1],
    category: rule[2],
    why: rule[3],
    severity: row[1],
    confidence: row[2],
    file: text(row[3]),
    line: row[4],
    column: row[5],
    message: text(row[6]),
    service: text(row[7]),
    credential: text(row[8]),
    url: text(row[9]),
    fixable: row[10],
    fixes: row[11].map((each) => data.fixes[each]),
    row,
    suppressed: row[15] === null ? null : text(row[15]),
    baselined: row[16] === 1,
  };
});

/** The parts of a finding that only its details show. */
function inFull(finding) {
  const row = finding.row;
  return {
    code: place(row[12]),
    trail: row[13].map((step) => ({
      file: text(step[0]),
      line: step[1],
      column: step[2],
      note: text(step[3]),
      code: place(step[4]),
    })),
    also: row[14].map(text),
    change: row[17].map(([file, line, old, made]) => ({ file: text(file), line, old: old.map(text), made: made.map(text) })),
  };
}

/** What a search looks into, in lower case; made when it is first asked for. */
function searched(finding) {
  if (finding.words === undefined) {
    const code = finding.row[12] === null ? "" : text(finding.row[12][0]);
    const titles = finding.fixes.map((fix) => fix[0]);
    const parts = [finding.rule, finding.name, finding.message, finding.file, finding.service, finding.credential,
      finding.url, code, finding.suppressed ?? "", ...titles];
    finding.words = parts.join("\n").toLowerCase();
  }
  return finding.words;
}
