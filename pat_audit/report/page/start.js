// Puts the page together and keeps it so.

function show() {
  const list = chosen();
  showFilters();
  showOverview(list);
  showPanels();
  showAdvice(list);
  showList(list);
}

function showTheme(theme) {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
  byId("theme").value = theme;
}

function startTheme() {
  let kept = null;
  try {
    kept = localStorage.getItem("pat-audit-theme");
  } catch {
    // a page may not be allowed to keep anything
  }
  showTheme(kept === "light" || kept === "dark" ? kept : "auto");
  byId("theme").addEventListener("change", (event) => {
    showTheme(event.target.value);
    try {
      localStorage.setItem("pat-audit-theme", event.target.value);
    } catch {
      // then it is asked for again
    }
  });
}

function startWords() {
  const [name, remote, branch, revision] = data.subject;
  const parts = [remote || name, branch && `branch ${branch}`, revision && `revision ${revision.slice(0, 12)}`];
  byId("subject").textContent = parts.filter(Boolean).join(" · ");
  if (name) document.title = `pat-audit: ${name}`;
  byId("made").textContent = `Made by pat-audit ${data.version} on ${data.made.replace("T", " ").replace("Z", " UTC")}.`;
  for (const id of ["breakdown-title", "advice-title"]) byId(id).parentElement.hidden = findings.length === 0;
  byId("problems").hidden = data.problems.length === 0;
  byId("problem-list").replaceChildren(...data.problems.map(([file, message, fatal]) => element("li", {},
    fatal ? element("span", { class: "severity severity-error" }, "error ") : null,
    element("span", { class: "path" }, file), " ", message)));
}

startTheme();
startWords();
makeFilters();
recall();
show();
addEventListener("hashchange", () => {
  recall();
  show();
});
