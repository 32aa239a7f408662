// The console: shows a simulated world as the stream of events tells it, and
// changes it through the control API. Text reaches the page as text only.

const $ = (id) => document.getElementById(id);
const ROOT = "/_lockstep";

let world = "";
let detail = { operations: [] };
let source;
let cursor = "";
let clock = { now: "", factor: 0, next: null };
let clockAt = 0;
const look = { text: "", group: "", only: "", page: 1 };

/** An element with properties, attributes (`aria-…`, `data-…`, `role`) and children. */
function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
const hushed = (text) => make("span", { className: "sr", textContent: text });
const mark = (sign) => make("span", { className: "mark", "aria-hidden": "true", textContent: sign });

/** Sets a text only where it is another one, so that nothing is read out twice. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// ── What is told ────────────────────────────────────────────────────────────

let toTell = [];
let telling = 0;

/** Says at once what came of a person's own action. */
function say(text) {
  toTell = [];
  put($("news"), text);
}

/** Says what happened in the world: many things at once as one, politely. */
function tell(events) {
  toTell.push(...events);
  if (telling || !toTell.length) return;
  telling = setTimeout(() => {
    telling = 0;
    if (!toTell.length) return;
    const last = toTell[toTell.length - 1].what;
    put($("news"), toTell.length === 1 ? `${last}.` : `${toTell.length} things happened; the last: ${last}.`);
    toTell = [];
  }, 1500);
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(ROOT + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("The simulation does not answer.");
  }
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The simulation answered ${response.status}.`);
  return answer;
}
const here = (path = "") => `/worlds/${encodeURIComponent(world)}${path}`;
const ofLock = (id, path = "") => here(`/locks/${encodeURIComponent(id)}${path}`);

/** Does something, and says what came of it or why it did not. */
async function act(work, where) {
  const show = (text, tone) => {
    if (where) {
      where.hidden = false;
      where.className = `answer ${tone}`;
      put(where, text);
    }
    say(text);
  };
  try {
    const [text, tone] = [].concat(await work());
    show(text, tone ?? "good");
  } catch (error) {
    show(error.message, "bad");
  }
}

// ── The stream ──────────────────────────────────────────────────────────────

function link(state, text) {
  $("link").hidden = false;
  $("link").dataset.state = state;
  put($("link-text"), text);
}

function connect() {
  source?.close();
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(look)) if (value) asked.set(name, value);
  if (cursor) asked.set("after", cursor);
  source = new EventSource(`${ROOT}${here("/events")}?${asked}`);
  const mine = source;
  const on = (name, show) =>
    source.addEventListener(name, (event) => {
      if (event.lastEventId) cursor = event.lastEventId;
      show(JSON.parse(event.data));
    });
  on("clock", showClock);
  on("fleet", showFleet);
  on("faults", showFaults);
  on("journal", showJournal);
  on("happened", showHappened);
  on("scenarios", showPlaying);
  on("callbacks", showCallbacks);
  on("gone", () => {
    source.close();
    link("lost", "This world was removed");
    start();
  });
  source.onopen = () => link("live", "Live");
  source.onerror = () => {
    link("lost", "Connection lost, trying again");
    // A stream that is refused is not tried again by the browser itself.
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === source && connect(), 3000);
  };
}

// ── Clock ───────────────────────────────────────────────────────────────────

function showClock(told) {
  clock = told;
  clockAt = performance.now();
  const runs = clock.factor > 0;
  const pace = !runs ? "Time stands" : clock.factor === 1 ? "Time passes as here" : `Time passes ${clock.factor.toLocaleString("en")} times as fast as here`;
  put($("pace"), `${pace}; ${clock.next ? `the next event comes ${until(clock.next)}` : "nothing is planned"}.`);
  put($("run"), runs ? "Stop" : "Run");
  for (const button of document.querySelectorAll("#move-form button")) button.setAttribute("aria-disabled", String(runs));
  if (!runs && !clock.next) $("next").setAttribute("aria-disabled", "true");
  tick();
}

function until(instant) {
  const seconds = Math.max(0, Math.round((Date.parse(instant) - Date.parse(clock.now)) / 1000));
  const units = [[86400, "d"], [3600, "h"], [60, "min"]];
  const unit = units.find(([size]) => seconds >= size);
  return unit ? `in ${Math.round(seconds / unit[0])} ${unit[1]}` : `in ${seconds} s`;
}

function tick() {
  if (!clock.now) return;
  const passed = clock.factor * (performance.now() - clockAt);
  const now = new Date(Date.parse(clock.now) + passed).toISOString();
  $("now").dateTime = now;
  put($("now-time"), now.slice(11, 19));
  put($("now-date"), `${now.slice(0, 10)} UTC`);
}
setInterval(() => clock.factor > 0 && !document.hidden && tick(), 250);

function moved(answer) {
  const count = answer.events.length;
  return `It is ${answer.now.slice(0, 19).replace("T", " ")}; ${count === 1 ? "one thing" : count || "nothing"} happened.`;
}
function move(path, body) {
  if (clock.factor > 0) return say("Time passes by itself; stop it first.");
  act(async () => moved(await call("POST", here(path), body)));
}

$("run-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const factor = clock.factor > 0 ? 0 : Number($("factor").value);
  act(async () => {
    await call("PUT", here("/clock"), { factor });
    return factor ? "Time passes." : "Time stands.";
  });
});
$("factor").addEventListener("change", () => {
  if (clock.factor > 0) act(async () => {
    await call("PUT", here("/clock"), { factor: Number($("factor").value) });
    return "Time passes at another speed.";
  });
});
$("move-form").addEventListener("submit", (event) => {
  event.preventDefault();
  move("/clock", { seconds: Number($("step").value) * Number($("unit").value) });
});
for (const button of document.querySelectorAll("[data-step]"))
  button.addEventListener("click", () => move("/clock", { seconds: Number(button.dataset.step) }));
$("next").addEventListener("click", () => move("/clock/next"));

// ── Locks ───────────────────────────────────────────────────────────────────

const CENSUS = [["", "locks", "All locks", ""], ["unreachable", "unreachable", "Unreachable", "some"],
  ["low_battery", "low_battery", "Low battery", "some"], ["door_not_closed", "door_not_closed", "Door not closed", "note"],
  ["unlocked", "unlocked", "Unlocked", "note"]];
const rows = new Map();

for (const [only, , title] of CENSUS) {
  const button = make("button", { type: "button", "aria-pressed": String(!only), "data-only": only }, make("b", { textContent: "0" }), title);
  button.addEventListener("click", () => seek({ only }));
  $("census").append(button);
}

function seek(change) {
  Object.assign(look, { page: 1 }, change);
  for (const button of $("census").children) button.setAttribute("aria-pressed", String(button.dataset.only === look.only));
  connect();
}
let seeking = 0;
$("text").addEventListener("input", () => {
  clearTimeout(seeking);
  seeking = setTimeout(() => seek({ text: $("text").value.trim() }), 200);
});
$("seek").addEventListener("submit", (event) => event.preventDefault());
$("group").addEventListener("change", () => seek({ group: $("group").value }));
const turn = (by) => (look.page + by >= 1 && look.page + by <= pages ? seek({ page: look.page + by }) : say("There is no further page."));
$("previous").addEventListener("click", () => turn(-1));
$("following").addEventListener("click", () => turn(1));

let pages = 1;
function showFleet(fleet) {
  CENSUS.forEach(([, count, , tone], at) => {
    const button = $("census").children[at];
    put(button.firstChild, fleet.census[count].toLocaleString("en"));
    button.className = fleet.census[count] ? tone : "";
  });
  showGroups(fleet);
  look.page = fleet.page;
  pages = fleet.pages;
  const focused = document.activeElement.closest?.("#rows tr");
  showRows(fleet.rows);
  if (focused && !focused.isConnected) {
    $("fleet-title").focus();
    say("The lock that you were at is no longer in this list.");
  }
  $("none").hidden = fleet.rows.length > 0;
  put($("page"), `Page ${fleet.page} of ${fleet.pages}, ${fleet.matching.toLocaleString("en")} ${fleet.matching === 1 ? "lock" : "locks"}`);
  put($("caption"), `Locks, page ${fleet.page} of ${fleet.pages}`);
  $("previous").setAttribute("aria-disabled", String(fleet.page <= 1));
  $("following").setAttribute("aria-disabled", String(fleet.page >= fleet.pages));
}

function showGroups(fleet) {
  const select = $("group");
  const more = fleet.groups_in_all - fleet.groups.length;
  const wanted = [["", more > 0 ? `All groups (the first ${fleet.groups.length} of ${fleet.groups_in_all} below)` : "All groups"],
    ...fleet.groups.map((group) => [group.id, `${group.name}: ${group.locks} locks${group.unreachable ? `, ${group.unreachable} unreachable` : ""}`])];
  while (select.options.length > wanted.length) select.remove(select.options.length - 1);
  wanted.forEach(([value, text], at) => {
    const option = select.options[at] ?? select.appendChild(make("option"));
    if (option.value !== value || !option.hasAttribute("value")) option.value = value;
    put(option, text);
  });
  select.value = look.group;
}

function showRows(wanted) {
  const body = $("rows");
  const ids = new Set(wanted.map((row) => row.lock.id));
  for (const [id, row] of rows) if (!ids.has(id)) { row.element.remove(); rows.delete(id); }
  // Rows keep their order, so a row that stays is never moved and keeps the focus.
  let at = body.firstChild;
  for (const told of wanted) {
    let row = rows.get(told.lock.id);
    if (!row) rows.set(told.lock.id, (row = newRow(told.lock.id)));
    if (row.element === at) at = at.nextSibling;
    else body.insertBefore(row.element, at);
    row.show(told);
    if (shown.id === told.lock.id) showLock(told);
  }
}

function newRow(id) {
  const cell = (head, ...children) => make("td", { role: "cell", "data-head": head }, ...children);
  const button = (press) => {
    const element = make("button", { type: "button" });
    element.addEventListener("click", press);
    return element;
  };
  let told;
  const change = (body, text) => act(async () => { await call("PATCH", ofLock(id), body); return `${told.lock.name} ${text}.`; });
  const name = button(() => openLock(told));
  const reach = button(() => told.lock.reachable ? change({ reachable: false }, "is cut off") : change({ reachable: true }, "is online again"));
  const battery = button(() => told.low ? change({ battery: 100 }, "has a full battery") : change({ battery: 4 }, "has 4 % left"));
  const door = button(() => told.lock.door === "closed" ? change({ door: "open" }, "stands open") : change({ door: "closed" }, "is closed"));
  const group = cell("Group"), bolt = cell("Bolt"), keys = cell("Opened by");
  const element = make("tr", { role: "row", "data-lock": id },
    make("th", { role: "rowheader", scope: "row" }, name, " ", make("span", { className: "id", textContent: id })),
    group, cell("Reachable", reach), cell("Battery", battery), cell("Door", door), bolt, keys);
  let before = "";
  const show = (now) => {
    const key = JSON.stringify(now);
    if (key === before) return;
    const first = !before;
    before = key;
    told = now;
    const { lock, low } = now;
    const fill = (target, tone, ...children) => { target.className = tone; target.replaceChildren(...children); };
    fill(name, "", lock.name, hushed(": PINs, phones and more"));
    put(group, now.group || "none");
    if (lock.reachable) fill(reach, "good", mark("●"), "Online", hushed(`: cut ${lock.name} off`));
    else fill(reach, "bad", mark("○"), "Offline", hushed(`: reconnect ${lock.name}`));
    const bar = make("i");
    bar.style.width = `${lock.battery}%`;
    fill(battery, low ? "bad" : "", make("span", { className: "meter", "aria-hidden": "true" }, bar), `${lock.battery} %${low ? ", low" : ""}`, hushed(low ? `: charge ${lock.name}` : `: drain ${lock.name}`));
    const shut = lock.door === "closed";
    fill(door, shut ? "" : "warn", mark(shut ? "▮" : "▯"), lock.door[0].toUpperCase() + lock.door.slice(1), hushed(shut ? `: open the door of ${lock.name}` : `: close the door of ${lock.name}`));
    bolt.replaceChildren(make("span", { className: lock.bolt === "unlocked" ? "warn" : "" }, mark(lock.bolt === "unlocked" ? "◇" : "◆"), lock.bolt));
    put(keys, [[lock.pins, "PIN"], [lock.mobiles, "phone"]].filter(([count]) => count).map(([count, word]) => `${count} ${word}${count > 1 ? "s" : ""}`).join(", ") || "nothing");
    if (!first) {
      element.classList.remove("fresh");
      requestAnimationFrame(() => element.classList.add("fresh"));
    }
  };
  return { element, show };
}

// ── One lock ────────────────────────────────────────────────────────────────

const shown = { id: "", key: "", name: "" };

function openLock(told) {
  Object.assign(shown, { id: told.lock.id, key: "", name: told.lock.name });
  $("lock-answer").hidden = true;
  for (const id of ["keys", "credential"]) $(id).value = "";
  $("reveal").setAttribute("aria-pressed", "false");
  $("set-reach").value = String(told.lock.reachable);
  $("set-battery").value = told.lock.battery;
  $("set-door").value = told.lock.door;
  $("credentials").replaceChildren();
  showLock(told);
  $("lock").showModal();
}

function showLock({ lock, group, low }) {
  put($("lock-title"), lock.name);
  put($("lock-state"), [lock.id, group || "no group", lock.reachable ? "online" : "offline", `battery ${lock.battery} %${low ? ", low" : ""}`, `door ${lock.door}`, `bolt ${lock.bolt}`].join(" · "));
  const key = `${lock.pins} ${lock.mobiles}`;
  if (shown.key !== key) { shown.key = key; showCredentials(); }
}

async function showCredentials() {
  const id = shown.id;
  const reveal = $("reveal").getAttribute("aria-pressed") === "true";
  const credentials = await call("GET", ofLock(id, `/credentials?reveal=${reveal}`)).catch(() => []);
  if (id !== shown.id) return;
  const at = [...$("credentials").querySelectorAll("button")].indexOf(document.activeElement);
  $("no-credentials").hidden = credentials.length > 0;
  $("credentials").replaceChildren(...credentials.map((credential) => {
    const pin = credential.kind === "pin";
    const span = `${credential.from.slice(0, 16).replace("T", " ")} to ${credential.until.slice(0, 16).replace("T", " ")}`;
    const button = make("button", { type: "button" }, pin ? "Type it" : "Present it", hushed(` (${pin ? "PIN" : "phone"} ${credential.id})`));
    button.addEventListener("click", () => (pin ? typePin(credential.id) : present(credential.id)));
    return make("li", { className: "entry" },
      make("div", {}, make("strong", {}, pin ? "PIN " : "Phone "), pin ? make("span", { className: "keys", textContent: credential.keys ?? "none yet" }) : "", ` ${credential.state}`,
        make("div", { className: "quiet hint", textContent: `${span}${credential.whole_group ? ", for the whole group" : ""}; id ${credential.id}` })),
      pin && !credential.keys ? "" : button);
  }));
  if (at >= 0) $("credentials").querySelectorAll("button")[at]?.focus();
}
const atDoor = (answer) => [`${answer.opened ? "It opens" : "It stays shut"}: ${answer.why}.`, answer.opened ? "good" : "bad"];
const type = (keys) => act(async () => atDoor(await call("POST", ofLock(shown.id, "/keypad"), { keys })), $("lock-answer"));
const present = (credential) => act(async () => {
  const answer = atDoor(await call("POST", ofLock(shown.id, "/phone"), { credential }));
  showCredentials();
  return answer;
}, $("lock-answer"));
/** Types a guest's PIN without showing it. */
async function typePin(id) {
  const credentials = await call("GET", ofLock(shown.id, "/credentials?reveal=true")).catch(() => []);
  const keys = credentials.find((credential) => credential.id === id)?.keys;
  if (keys) type(keys);
  else say("This PIN is gone.");
}
const form = (id, work) => $(id).addEventListener("submit", (event) => { event.preventDefault(); work(); });
form("keypad", () => { type($("keys").value); $("keys").select(); });
form("phone", () => present($("credential").value.trim()));
form("outside", () => act(async () => {
  await call("PATCH", ofLock(shown.id), { reachable: $("set-reach").value === "true", battery: Number($("set-battery").value), door: $("set-door").value });
  return `${shown.name} is changed.`;
}, $("lock-answer")));
$("reveal").addEventListener("click", () => {
  const pressed = $("reveal").getAttribute("aria-pressed") !== "true";
  $("reveal").setAttribute("aria-pressed", String(pressed));
  showCredentials();
});
$("lock").addEventListener("close", () => { shown.id = ""; });
for (const button of document.querySelectorAll("[data-close]"))
  button.addEventListener("click", () => button.closest("dialog").close());

// ── Faults ──────────────────────────────────────────────────────────────────

const faults = new Map();

function showFaults(told) {
  $("no-faults").hidden = told.length > 0;
  $("clear-faults").hidden = !told.length;
  const ids = new Set(told.map((fault) => fault.id));
  for (const [id, kept] of faults) if (!ids.has(id)) {
    if (kept.element.contains(document.activeElement)) $("faults-title").focus();
    kept.element.remove();
    faults.delete(id);
  }
  for (const fault of told) {
    let kept = faults.get(fault.id);
    if (!kept) {
      const text = make("span"), count = make("span", { className: "count" });
      const remove = make("button", { type: "button" }, "Take away", hushed(` the fault on ${fault.fault}`));
      remove.addEventListener("click", () => act(async () => { await call("DELETE", here(`/faults/${fault.id}`)); return "The fault is taken away."; }));
      kept = { element: make("li", { className: "entry" }, text, count, remove), text, count };
      faults.set(fault.id, kept);
      $("faults").append(kept.element);
    }
    put(kept.text, fault.fault.replaceAll("`", ""));
    const struck = fault.times ? `struck ${fault.consumed} of ${fault.times}` : fault.consumed === 1 ? "struck once" : `struck ${fault.consumed} times`;
    kept.count.className = `count chip ${fault.done ? "good" : "warn"}`;
    put(kept.count, fault.done && fault.times ? `${struck}, used up` : struck);
  }
}

function openFault(lock = "") {
  $("fault-answer").hidden = true;
  $("fault-lock").value = lock;
  showEffect();
  $("fault").showModal();
}
/** Shows what the chosen effect asks for, and the errors that the vendor documents. */
function showEffect() {
  const kind = $("kind").value;
  for (const field of document.querySelectorAll("[data-for]")) {
    field.hidden = !field.dataset.for.split(" ").includes(kind);
    field.querySelector("input, select").disabled = field.hidden;
  }
  const chosen = detail.operations.filter((operation) => !$("operation").value || operation.name === $("operation").value);
  const failures = [...new Set(chosen.flatMap((operation) => operation.failures))].sort();
  const before = $("failure").value;
  $("failure").replaceChildren(...failures.map((failure) => make("option", { value: failure, textContent: failure.replaceAll("_", " ") })));
  if (failures.includes(before)) $("failure").value = before;
}
$("kind").addEventListener("change", showEffect);
$("operation").addEventListener("change", showEffect);
$("add-fault").addEventListener("click", () => openFault());
$("fault-here").addEventListener("click", () => { const id = shown.id; $("lock").close(); openFault(id); });
$("clear-faults").addEventListener("click", () => act(async () => {
  await call("DELETE", here("/faults"));
  $("faults-title").focus();
  return "Every fault is taken away.";
}));
form("fault-form", () => act(async () => {
  const kind = $("kind").value;
  const more = { refuse: { failure: $("failure").value }, status: { status: Number($("status").value) },
    delay: { seconds: Number($("seconds").value) }, rate_limit: { seconds: Number($("seconds").value) }, redirect: { to: $("to").value },
    withhold: { carried_out: $("carried-out").checked }, reset: { carried_out: $("carried-out").checked }, upstream_timeout: { carried_out: $("carried-out").checked } };
  const fault = { effect: { kind, ...more[kind] }, skip: Number($("skip").value) };
  if ($("operation").value) fault.operation = $("operation").value;
  if ($("fault-lock").value.trim()) fault.lock = $("fault-lock").value.trim();
  if ($("times").value) fault.times = Number($("times").value);
  await call("POST", here("/faults"), fault);
  $("fault").close();
  return "The fault is added.";
}, $("fault-answer")));

// ── Scenarios ───────────────────────────────────────────────────────────────

let scenarios = [];
function showScenario() {
  put($("scenario-title"), scenarios.find((scenario) => scenario.name === $("scenario").value)?.title ?? "");
}
$("scenario").addEventListener("change", showScenario);
form("play", () => act(async () => {
  await call("POST", here("/scenarios"), { name: $("scenario").value });
  return "The scenario plays.";
}));
function showPlaying(told) {
  $("playing").replaceChildren(...told.map((played) => make("li", { className: "entry" },
    make("span", { textContent: played.title }), make("span", { className: `count chip ${played.over ? "good" : "warn"}`, textContent: played.over ? "over" : "plays" }))));
}

// ── Callbacks ───────────────────────────────────────────────────────────────

function showCallbacks(told) {
  $("callbacks").hidden = !told.supported;
  put($("listener"), told.listener ? `What the vendor tells ${told.listener} by itself; ${told.count} sent.` : "The vendor would tell what happens, but nobody listens yet.");
  $("sent").replaceChildren(...told.sent.toReversed().map((callback) => make("li", {},
    make("span", { className: `chip ${callback.taken ? "good" : "bad"}`, textContent: callback.taken ? "taken" : "not taken" }), " ", time(callback.at), ` ${callback.event}`,
    make("div", { className: "quiet hint", textContent: [callback.lock && `lock ${callback.lock}`, callback.attempt > 1 && `attempt ${callback.attempt}`, callback.outcome].filter(Boolean).join(", ") }))));
}

// ── Journal and happenings ──────────────────────────────────────────────────

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
const time = (at) => make("time", { dateTime: at, textContent: at.slice(11, 19) });

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

// ── Beginning ───────────────────────────────────────────────────────────────

async function choose(name) {
  world = name;
  cursor = "";
  happenedBefore = false;
  held = held && { entries: [], skipped: 0 };
  Object.assign(look, { text: "", group: "", only: "", page: 1 });
  $("text").value = "";
  for (const id of ["rows", "faults", "journal", "happened"]) $(id).replaceChildren();
  rows.clear();
  faults.clear();
  history.replaceState(null, "", `?world=${encodeURIComponent(name)}`);
  detail = await call("GET", here());
  put($("vendor"), `speaks ${detail.world.profile} at ${detail.servers[0]?.value ?? "nowhere"}`);
  $("operation").replaceChildren(make("option", { value: "", textContent: "every operation" }),
    ...detail.operations.map((operation) => make("option", { value: operation.name, textContent: `${operation.name} (${operation.meaning.replaceAll("_", " ")})` })));
  seek({});
}

async function start() {
  try {
    const worlds = await call("GET", "/worlds");
    const names = worlds.map((one) => one.name);
    $("world").replaceChildren(...names.map((name) => make("option", { value: name, textContent: name })));
    $("world-field").hidden = names.length < 2;
    if (!names.length) return link("lost", "There is no world");
    const asked = new URLSearchParams(location.search).get("world");
    const name = names.includes(asked) ? asked : names[0];
    $("world").value = name;
    await choose(name);
  } catch (error) {
    link("lost", error.message);
    setTimeout(start, 3000);
  }
}
$("world").addEventListener("change", () => choose($("world").value).catch((error) => link("lost", error.message)));

async function findScenarios() {
  scenarios = await call("GET", "/scenarios").catch(() => []);
  $("scenarios").hidden = !scenarios.length;
  $("scenario").replaceChildren(...scenarios.map((scenario) => make("option", { value: scenario.name, textContent: scenario.name })));
  showScenario();
}

$("app").hidden = false;
start();
findScenarios();
