// One finding in full: its line, the way the credential took, what to do.

function details(finding) {
  const { code, trail, also, change } = inFull(finding);
  return element("div", { class: "details" },
    code ? codeLine(code, finding.line) : null,
    trail.length ? element("section", {},
      element("h3", {}, "How it got here"),
      element("ol", { class: "trail" }, trail.map((step) => element("li", {},
        withCode(step.note), " ",
        element("span", { class: "quiet path" }, `(${step.file === finding.file ? "line " : `${step.file}:`}${step.line}:${step.column})`),
        step.code ? codeLine(step.code, step.line) : null)))) : null,
    finding.fixes.length ? element("section", {}, element("h3", {}, "Instead"), finding.fixes.map(advised)) : null,
    change.length ? element("section", {}, element("h3", {}, "What the fix writes"), change.map(changed)) : null,
    element("section", {},
      element("h3", {}, "What is known"),
      element("dl", { class: "known" },
        known("Rule", `${finding.rule} ${finding.name}`),
        finding.why ? known("Why", withCode(finding.why)) : null,
        known("Confidence", CONFIDENCE[finding.confidence]),
        known("Credential", finding.credential),
        known("Service", finding.service),
        finding.url ? known("Address", element("code", {}, finding.url)) : null,
        also.length ? known("Also here", also.join(", ")) : null,
        finding.suppressed === null
          ? known("To keep it", element("code", {}, `pat-audit: ignore[${finding.rule}] reason`), " in a comment there")
          : known(finding.baselined ? "In the baseline" : "Suppressed", finding.suppressed))));
}

function known(term, ...what) {
  return [element("dt", {}, term), element("dd", {}, ...what)];
}

function advised([title, safety, edits, steps]) {
  const how = edits ? element("span", { class: `tag tag-${safety}` }, safety === "safe" ? "--fix" : "--unsafe-fixes") : null;
  return element("div", { class: "advised" },
    element("p", {}, element("strong", {}, withCode(title)), " ", how),
    steps.length ? element("ol", {}, steps.map((step) => element("li", {}, withCode(step)))) : null);
}

/** A line of code with its number, what is meant marked. */
function codeLine({ text: line, start, width }, number) {
  const letters = Array.from(line); // the report counts code points
  return element("pre", { class: "code", tabindex: "0", "aria-label": `line ${number}` },
    element("span", { class: "line-number", "aria-hidden": "true" }, `${number} `),
    element("code", {}, letters.slice(0, start).join(""),
      element("mark", {}, letters.slice(start, start + width).join("")),
      letters.slice(start + width).join("")));
}

/** A hunk: the lines that go and those that come. */
function changed({ file, line, old, made }) {
  const lines = (list, sign, said, style) => list.map((each) => element("span", { class: `change ${style}` },
    element("span", { class: "unseen" }, said), element("span", { "aria-hidden": "true" }, sign), each, "\n"));
  return element("figure", { class: "hunk" },
    element("figcaption", { class: "quiet path" }, `${file}:${line}`),
    element("pre", { class: "code", tabindex: "0" },
      lines(old, "- ", "removed: ", "gone"), lines(made, "+ ", "added: ", "made")));
}

/** Each way to mend what is shown, the one that mends most first. */
function showAdvice(list) {
  const uses = new Map();
  for (const finding of list) {
    const first = finding.fixes[0];
    if (first !== undefined) uses.set(first, (uses.get(first) ?? 0) + 1);
  }
  const ordered = [...uses].sort((a, b) => b[1] - a[1]);
  byId("advice").replaceChildren(
    ...ordered.map(([fix, count]) => {
      const [title, safety, edits, steps] = fix;
      const head = [
        element("span", { class: "advice-title" }, withCode(title)), " ",
        edits ? element("span", { class: `tag tag-${safety}` }, safety === "safe" ? "--fix" : "--unsafe-fixes") : null,
        element("span", { class: "quiet" }, counted(count, "finding")),
      ];
      if (!steps.length) return element("div", { class: "advice" }, element("p", { class: "advice-head" }, head));
      return element("details", { class: "advice" },
        element("summary", { class: "advice-head" }, head),
        element("ol", {}, steps.map((step) => element("li", {}, withCode(step)))));
    }),
    ...(ordered.length ? [] : [element("p", { class: "quiet" }, "Nothing to mend in what is shown.")]));
}
