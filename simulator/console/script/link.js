// The link: which worlds there are, which one is watched, and the stream of
// events that tells of it. A page that has lost its world says so and waits for
// it; it never goes over to another one by itself.

/** How long the page waits before it asks again, in milliseconds. */
const AGAIN = 1000;

let source;
/** How far the stream was read, so that it is resumed and not begun again. */
let cursor = "";
/** The world that is meant, whether it is there or not. */
let wanted = new URLSearchParams(location.search).get("world") ?? "";
/** Grows with every choice of a world, so that a late answer is known as one. */
let choices = 0;
let retry = 0;
let lost = false;
let known = [];

function link(state, text) {
  $("link").dataset.state = state;
  put($("link-text"), text);
  lost = state === "lost";
  $("stale").hidden = !lost || !world || $("app").hidden;
}

/** Shows or hides the world that is watched, and the way to its parts. */
function reveal(there) {
  $("app").hidden = !there;
  $("jump").hidden = !there;
}

function lose(why) {
  if (!lost) put($("stale"), `The connection was lost at ${new Date().toTimeString().slice(0, 8)} by this machine's clock. What is shown may have changed since.`);
  link("lost", `${why}, trying again`);
}

/** Reads a stream of events; every name has who shows it. It is live when `first` was shown: before that nothing is known. */
function listen(path, first, shows) {
  source?.close();
  clearTimeout(retry);
  const mine = source = new EventSource(ROOT + path);
  for (const [name, show] of Object.entries(shows))
    mine.addEventListener(name, (event) => {
      if (mine !== source) return;
      if (event.lastEventId) cursor = event.lastEventId;
      show(JSON.parse(event.data));
      if (name === first && mine === source) link("live", "Live");
    });
  mine.onopen = () => {
    if (mine !== source || !lost) return;
    say("The connection is back.");
    link("wait", "Connecting");
  };
  mine.onerror = () => {
    if (mine !== source) return;
    lose("Connection lost");
    // A stream that is refused is not tried again by the browser itself.
    if (mine.readyState === EventSource.CLOSED) refused(path, mine);
  };
}

/** Asks why a stream was refused, for the browser does not tell. */
async function refused(path, mine) {
  const asked = new AbortController();
  let why = "Connection lost", gone = false;
  try {
    const response = await fetch(ROOT + path, { signal: asked.signal });
    gone = response.status === 404;
    if (!response.ok) why = `Refused: ${(await response.json()).error}`;
  } catch {
    why = "The simulation does not answer";
  }
  asked.abort();
  if (mine !== source) return;
  if (gone && world) return leave(`The world “${world}” is no longer here.`);
  lose(why);
  retry = setTimeout(world ? connect : wait, AGAIN);
}

function connect() {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(look)) if (value) asked.set(name, value);
  if (cursor) asked.set("after", cursor);
  listen(`${here("/events")}?${asked}`, "fleet", {
    anew: renew, worlds: showWorlds, clock: showClock, fleet: (told) => { showFleet(told); reveal(true); }, faults: showFaults, journal: showJournal,
    happened: showHappened, scenarios: showPlaying, callbacks: showCallbacks,
    gone: () => leave(`The world “${world}” was removed.`),
  });
}

/** Watches no world, and hears which there are. */
function wait() {
  listen("/events", "worlds", { worlds: showWorlds });
}

/** Nothing that was shown or begun may be taken for another world's. */
function forget() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const id of ["rows", "faults", "playing", "journal", "happened", "sent"]) $(id).replaceChildren();
  for (const where of document.querySelectorAll(".answer")) where.hidden = true;
  rows.clear();
  faults.clear();
  cursor = "";
  happenedBefore = false;
  held = held && { entries: [], skipped: 0 };
  put($("held"), "");
}

function leave(why) {
  choices += 1;
  world = "";
  forget();
  showAway(why);
  say(why);
  $("away-title").focus();
  wait();
}

/** The world of this name is another one than before: reset, or of a process that was started again. */
async function renew() {
  // A reader that comes for the first time is told so too.
  if (!cursor) return;
  const name = world, mine = ++choices;
  forget();
  say(`The world “${name}” was made anew; its lists begin again.`);
  const told = await call("GET", here()).catch(() => null);
  if (told && mine === choices) showDetail(told);
}

function showWorlds({ worlds, in_all }) {
  known = worlds.map((one) => one.name);
  const more = in_all - known.length;
  const listed = world && !known.includes(world) ? [world, ...known] : known;
  offer($("world"), listed.map((name) => [name, name]));
  $("world-field").hidden = !world || listed.length < 2;
  $("world").value = world;
  if (world) return;
  if (known.includes(wanted)) return choose(wanted, true);
  if (!wanted && known.length) return choose(known[0]);
  showAway(wanted ? undefined : "There is no world.");
  $("away-list").replaceChildren(...worlds.map(({ name, profile }) => {
    const button = make("button", { type: "button" }, `Watch ${name}`);
    button.addEventListener("click", () => choose(name));
    return make("li", {}, button, make("span", { className: "quiet", textContent: ` speaks ${profile}` }));
  }));
  put($("away-more"), more > 0 ? `… and ${more.toLocaleString("en")} more.` : "");
  put($("away-text"), !known.length ? "The simulation runs, and no world stands in it. Make one here or by the control API; it is shown as soon as it is there."
    : "It is shown again as soon as a world of this name is there. Meanwhile you can watch another:");
}

/** Shows that no world is watched. */
function showAway(why) {
  reveal(false);
  $("away").hidden = false;
  $("world-field").hidden = true;
  $("stale").hidden = true;
  put($("vendor"), "");
  if (why) put($("away-title"), why);
  else if (!$("away-title").textContent) put($("away-title"), `There is no world “${wanted}”.`);
}

function showDetail(told) {
  detail = told;
  put($("vendor"), `speaks ${told.world.profile} at ${told.servers[0]?.value ?? "nowhere"}`);
  offer($("operation"), [["", "every operation"], ...told.operations.map((one) => [one.name, `${one.name} (${one.meaning.replaceAll("_", " ")})`])]);
  showScenario();
}

/** Watches a world from its beginning. */
async function choose(name, again = false) {
  const mine = ++choices, returns = again && !$("away").hidden;
  source?.close();
  // What still comes by it says nothing of this world.
  source = undefined;
  clearTimeout(retry);
  world = wanted = name;
  forget();
  link("wait", "Connecting");
  Object.assign(look, { text: "", group: "", only: "", page: 1 });
  $("text").value = "";
  history.replaceState(null, "", `?world=${encodeURIComponent(name)}`);
  document.title = `${name} – Lockstep console`;
  try {
    const told = await call("GET", here());
    if (mine !== choices) return;
    showDetail(told);
  } catch (error) {
    if (mine !== choices) return;
    if (error.status === 404) return leave(`The world “${name}” is no longer here.`);
    lose(error.message.replace(/\.$/, ""));
    retry = setTimeout(choose, AGAIN, name, again);
    return;
  }
  $("away").hidden = true;
  put($("away-title"), "");
  if (returns) say(`The world “${name}” is here again.`);
  seek({});
}

$("world").addEventListener("change", () => {
  choose($("world").value);
  say(`This is the world “${world}”.`);
});
form("make", () => act(async () => {
  const name = $("make-name").value, locks = Number($("make-locks").value);
  await call("POST", "/worlds", { name, locks, groups: Math.ceil(locks / 10) || 1 });
  wanted = name;
  if (!world) choose(name);
  say(`The world “${name}” is made.`);
  return "";
}, $("make-answer")));
