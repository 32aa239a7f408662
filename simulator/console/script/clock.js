// The clock: what time it is in the world, letting it pass, moving it.

let clock = { now: "", factor: 0, next: null };
/** When that was told, on the page's own clock. */
let clockAt = 0;

function showClock(told) {
  clock = told;
  clockAt = performance.now();
  const runs = clock.factor > 0;
  const pace = !runs ? "Time stands" : clock.factor === 1 ? "Time passes as here" : `Time passes ${clock.factor.toLocaleString("en")} times as fast as here`;
  put($("pace"), `${pace}; ${clock.next ? `the next event comes ${until(clock.next)}` : "nothing is planned"}.`);
  put($("run"), runs ? "Stop" : "Run");
  if (runs) showFactor(clock.factor);
  for (const button of document.querySelectorAll("#move-form button")) button.setAttribute("aria-disabled", String(runs));
  if (!runs && !clock.next) $("next").setAttribute("aria-disabled", "true");
  tick();
}

/** The list shows the true speed, also one that it does not offer. */
function showFactor(factor) {
  const select = $("factor"), value = String(factor);
  for (const option of [...select.options]) if (option.dataset.own && option.value !== value) option.remove();
  if (![...select.options].some((option) => option.value === value))
    select.append(make("option", { value, textContent: `${factor.toLocaleString("en")} times`, "data-own": "true" }));
  select.value = value;
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
// Without a link nobody knows whether time still passes.
setInterval(() => clock.factor > 0 && world && !lost && !document.hidden && tick(), 250);

function moved(answer) {
  const count = answer.events.length;
  return `It is ${answer.now.slice(0, 19).replace("T", " ")}; ${count === 1 ? "one thing" : count || "nothing"} happened.`;
}
function move(path, body) {
  if (clock.factor > 0) return say("Time passes by itself; stop it first.");
  act(async () => moved(await call("POST", here(path), body)));
}

form("run-form", () => {
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
form("move-form", () => {
  move("/clock", { seconds: Number($("step").value) * Number($("unit").value) });
});
for (const button of document.querySelectorAll("[data-step]"))
  button.addEventListener("click", () => move("/clock", { seconds: Number(button.dataset.step) }));
$("next").addEventListener("click", () => move("/clock/next"));
