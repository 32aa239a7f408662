// Scenarios: those that the program carries, and a person's own.

let scenarios = [];

/** The scenario that is chosen, as the control API takes it. */
const chosen = () => ($("scenario").value ? { name: $("scenario").value } : { text: $("own").value });

async function findScenarios() {
  scenarios = await call("GET", "/scenarios").catch(() => []);
  offer($("scenario"), [...scenarios.map((one) => [one.name, one.name]), ["", "your own …"]]);
  showScenario();
}

/** How many locks the chosen scenario needs, where this world has fewer. */
function tooMany() {
  const one = scenarios.find((scenario) => scenario.name === $("scenario").value);
  return one && one.locks > (detail.world?.locks ?? Infinity) ? one.locks : 0;
}

const inLocks = (count) => `${count.toLocaleString("en")} ${count === 1 ? "lock" : "locks"}`;

function showScenario() {
  const one = scenarios.find((scenario) => scenario.name === $("scenario").value);
  const more = tooMany() ? `, and this world has ${inLocks(detail.world.locks)}: it plays in a world of its own` : "";
  put($("scenario-title"), one ? `${one.title[0].toUpperCase()}${one.title.slice(1)}; ${inLocks(one.locks)}${more}.` : "");
  // It keeps the focus, and says why when it is pressed.
  $("play-here").setAttribute("aria-disabled", String(Boolean(more)));
  $("own-field").hidden = Boolean(one);
  $("own").required = !one;
}
$("scenario").addEventListener("change", showScenario);

$("own-file").addEventListener("change", async () => {
  const [file] = $("own-file").files;
  if (file) $("own").value = await file.text();
});

form("play", () => act(async () => {
  if (tooMany()) return [`Not here: the scenario needs ${inLocks(tooMany())}, and this world has ${inLocks(detail.world.locks)}.`, "bad"];
  await call("POST", here("/scenarios"), chosen());
  return "The scenario plays.";
}, $("play-answer")));

/** A name that no world has yet. */
function freeName(base) {
  let name = base;
  for (let nth = 2; known.includes(name); nth += 1) name = `${base}-${nth}`;
  return name;
}

$("play-apart").addEventListener("click", () => $("play").reportValidity() && act(async () => {
  const name = freeName($("scenario").value || "own-scenario");
  await call("POST", "/worlds", { name, profile: detail.world.profile, fleet_of: chosen() });
  await call("POST", ofWorld(name, "/scenarios"), chosen());
  choose(name);
  say(`The scenario plays in the world “${name}”, as soon as time passes there.`);
  return "";
}, $("play-answer")));

function showPlaying(told) {
  $("playing").replaceChildren(...told.map((played) => make("li", { className: "entry" },
    make("span", { textContent: played.title }), make("span", { className: `count chip ${played.over ? "good" : "warn"}`, textContent: played.over ? "over" : "plays" }))));
}
