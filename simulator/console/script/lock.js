// One lock: what opens it, its keypad, what is changed from outside.

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
  const lock = shown.id;
  const credentials = await call("GET", ofLock(lock, "/credentials?reveal=true")).catch(() => []);
  if (lock !== shown.id) return;
  const keys = credentials.find((credential) => credential.id === id)?.keys;
  if (keys) type(keys);
  else say("This PIN is gone.");
}
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
