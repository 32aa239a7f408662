// Callbacks: whom the vendor tells by itself, and what it has told.

/** The address as the world has it, so that what a person types is not overwritten. */
let listener = null;

function showCallbacks(told) {
  $("callbacks").hidden = !told.supported;
  if (told.listener !== listener) {
    listener = told.listener;
    if (listener) $("listener").value = listener;
  }
  $("listen").querySelector("button").textContent = listener ? "Change" : "Tell it";
  $("unlisten").hidden = !listener;
  put($("listening"), !listener ? "The vendor would tell what happens, but nobody listens." : !told.count ? `Goes to ${listener}; nothing was sent yet.`
    : `Goes to ${listener}; ${told.count.toLocaleString("en")} sent.`);
  $("sent").replaceChildren(...told.sent.toReversed().map(delivery));
}

function delivery(callback) {
  const more = [callback.lock && `lock ${callback.lock}`, callback.attempt > 1 && `attempt ${callback.attempt}`, callback.outcome];
  return make("li", {},
    make("span", { className: `chip ${callback.taken ? "good" : "bad"}`, textContent: callback.taken ? "taken" : "not taken" }), " ",
    make("span", { className: "verb", textContent: callback.event }), " ", time(callback.at),
    make("div", { className: "quiet hint", textContent: more.filter(Boolean).join(", ") }));
}

form("listen", () => act(async () => {
  const { listener: told, secret } = await call("PUT", here("/callbacks"), { listener: $("listener").value.trim() });
  return `Callbacks go to ${told}. Where the profile signs them, it is with the secret ${secret}.`;
}, $("listen-answer")));
$("unlisten").addEventListener("click", () => act(async () => {
  await call("DELETE", here("/callbacks"));
  $("listener").focus();
  return "The vendor tells nobody.";
}, $("listen-answer")));
