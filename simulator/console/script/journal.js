// The journal of what was said, and what happened.

const KEPT = 200;
let held = null;

/** Puts new entries on top and lets the oldest go. */
function prepend(list, elements) {
  list.prepend(...elements.reverse());
  while (list.children.length > KEPT) {
    if (list.lastChild.contains(document.activeElement)) break;
    list.lastChild.remove();
  }
}
const skipped = (count) => make("li", { className: "quiet", textContent: `${count.toLocaleString("en")} more in between` });

function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}
function side(title, headers, body) {
  const head = headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
  return [make("h4", { textContent: title }), make("pre", { textContent: [head, body && pretty(body)].filter(Boolean).join("\n\n") || "nothing", tabIndex: 0, role: "group", "aria-label": title })];
}
function entry(told) {
  const tone = !told.status ? "bad" : told.status < 300 ? "good" : told.status < 500 ? "warn" : "bad";
  const summary = make("summary", {}, make("span", { className: `chip ${tone}`, textContent: told.status ?? "no answer" }), " ",
    make("span", { className: "verb", textContent: told.request }), " ", time(told.at), told.note ? make("span", { className: "warn", textContent: ` ${told.note}` }) : "",
    make("div", { className: "quiet hint", textContent: told.operation ?? "no operation of this vendor" }));
  const details = make("details", {}, summary);
  // What most entries never show is made when it is asked for.
  details.addEventListener("toggle", () => {
    if (details.children.length > 1) return;
    details.append(...side("Request", told.request_headers, told.request_body), ...side("Answer", told.response_headers, told.response_body));
    if (told.near.length) details.append(...side("What came nearest", [], told.near.join("\n")));
  }, { once: true });
  return make("li", { "data-number": told.number }, details);
}
function showJournal(told) {
  if (held) {
    held.entries.push(...told.entries);
    held.skipped += told.skipped + Math.max(0, held.entries.length - KEPT);
    held.entries = held.entries.slice(-KEPT);
    return put($("held"), held.entries.length ? `${held.entries.length} new` : "");
  }
  prepend($("journal"), [...(told.skipped ? [skipped(told.skipped)] : []), ...told.entries.map(entry)]);
  $("no-journal").hidden = $("journal").children.length > 0;
}
$("hold").addEventListener("click", () => {
  const waiting = held;
  held = held ? null : { entries: [], skipped: 0 };
  $("hold").setAttribute("aria-pressed", String(held !== null));
  put($("held"), "");
  if (waiting) showJournal(waiting);
  say(held ? "The journal is held; new entries wait." : "The journal goes on.");
});

let happenedBefore = false;
function showHappened(told) {
  const item = (event) => make("li", { "data-number": event.number }, time(event.at), ` ${event.what}`);
  prepend($("happened"), [...(told.skipped ? [skipped(told.skipped)] : []), ...told.events.map(item)]);
  $("no-happened").hidden = $("happened").children.length > 0;
  if (happenedBefore) tell(told.events);
  happenedBefore = true;
}
