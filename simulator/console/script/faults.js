// Faults: which there are and how often they struck, adding one, taking them away.

const faults = new Map();

function showFaults(told) {
  $("no-faults").hidden = told.length > 0;
  $("clear-faults").hidden = !told.length;
  $("jump-faults").hidden = !told.length;
  put($("jump-faults"), String(told.length));
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

