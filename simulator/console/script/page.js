// The console: shows a simulated world as the stream of events tells it, and
// changes it through the control API. Text reaches the page as text only.
//
// The files of this folder are one script, in the order in which `page.rs` names
// them. This one holds what the others have in common.

const $ = (id) => document.getElementById(id);
const ROOT = "/_lockstep";

/** The world that is watched; nothing while there is none. */
let world = "";
/** What the control API says of it. */
let detail = { operations: [] };
/** Which part of its fleet is shown. */
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
const time = (at) => make("time", { dateTime: at, textContent: at.slice(11, 19) });

/** Sets a text only where it is another one, so that nothing is read out twice. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets the options of a list to `[value, text]`, and touches only what differs. */
function offer(select, wanted) {
  while (select.options.length > wanted.length) select.remove(select.options.length - 1);
  wanted.forEach(([value, text], at) => {
    const option = select.options[at] ?? select.appendChild(make("option"));
    if (option.value !== value || !option.hasAttribute("value")) option.value = value;
    put(option, text);
  });
}

/** Lets a form do something in place of being sent. */
const form = (id, work) => $(id).addEventListener("submit", (event) => { event.preventDefault(); work(); });

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

/** Asks the control API; a refusal is an error with what it says and its status. */
async function call(method, path, body) {
  let response;
  try {
    response = await fetch(ROOT + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("The simulation does not answer.");
  }
  if (response.status === 204) return {};
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error ?? `The simulation answered ${response.status}.`), { status: response.status });
}
const ofWorld = (name, path = "") => `/worlds/${encodeURIComponent(name)}${path}`;
const here = (path = "") => ofWorld(world, path);
const ofLock = (id, path = "") => here(`/locks/${encodeURIComponent(id)}${path}`);

/** Shows what came of something beside where it was done. */
function answer(where, text, tone) {
  where.hidden = !text;
  where.className = `answer ${tone}`;
  put(where, text);
}

/**
 * Does something, and says what came of it or why it did not. Nothing is done
 * while the link is lost: the world behind it may be another one by now.
 */
async function act(work, where) {
  const began = world;
  const show = (text, tone) => {
    // What came of it in a world that is no longer watched is not said of this one.
    if (began !== world) return;
    // Said once: beside where it was done, or at the foot where that is not shown.
    if (where?.parentElement.checkVisibility()) answer(where, text, tone);
    else say(text);
  };
  if (lost) return show("The connection is lost; nothing was done.", "bad");
  try {
    const [text, tone] = [].concat(await work());
    show(text, tone ?? "good");
  } catch (error) {
    show(error.message, "bad");
  }
}
