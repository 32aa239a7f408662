// The locks: the counts, what is sought, one page of rows.

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
form("seek", () => {});
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
  offer(select, wanted);
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
  const group = cell("Group"), bolt = cell("Bolt"), keys = cell("PINs, phones");
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
    put(group, now.group || "no group");
    group.classList.toggle("quiet", !now.group);
    if (lock.reachable) fill(reach, "good", mark("●"), "Online", hushed(`: cut ${lock.name} off`));
    else fill(reach, "bad", mark("○"), "Offline", hushed(`: reconnect ${lock.name}`));
    const bar = make("i");
    bar.style.width = `${lock.battery}%`;
    fill(battery, low ? "bad" : "", make("span", { className: "meter", "aria-hidden": "true" }, bar), `${lock.battery} %${low ? ", low" : ""}`, hushed(low ? `: charge ${lock.name}` : `: drain ${lock.name}`));
    const shut = lock.door === "closed";
    fill(door, shut ? "" : "warn", mark(shut ? "▮" : "▯"), lock.door[0].toUpperCase() + lock.door.slice(1), hushed(shut ? `: open the door of ${lock.name}` : `: close the door of ${lock.name}`));
    bolt.replaceChildren(make("span", { className: lock.bolt === "unlocked" ? "warn" : "" }, mark(lock.bolt === "unlocked" ? "◇" : "◆"), lock.bolt));
    put(keys, [[lock.pins, "PIN"], [lock.mobiles, "phone"]].filter(([count]) => count).map(([count, word]) => `${count} ${word}${count > 1 ? "s" : ""}`).join(", ") || "none yet");
    keys.classList.toggle("quiet", !lock.pins && !lock.mobiles);
    if (!first) {
      element.classList.remove("fresh");
      requestAnimationFrame(() => element.classList.add("fresh"));
    }
  };
  return { element, show };
}
