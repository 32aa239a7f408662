//! The names by which active content is known.

/// Entities whose signs matter here, small; HTML knows many more.
pub(super) const ENTITIES: &[(&str, char)] = &[
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("colon", ':'),
    ("semi", ';'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("equals", '='),
    ("lpar", '('),
    ("rpar", ')'),
    ("lbrace", '{'),
    ("lcub", '{'),
    ("rbrace", '}'),
    ("rcub", '}'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("dollar", '$'),
    ("percnt", '%'),
    ("num", '#'),
    ("excl", '!'),
    ("quest", '?'),
    ("grave", '`'),
    ("commat", '@'),
    ("verbar", '|'),
    ("vert", '|'),
    ("plus", '+'),
    ("tab", '\t'),
    ("newline", '\n'),
    ("nbsp", ' '),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("shy", '\u{ad}'),
    ("zerowidthspace", '\u{200b}'),
];

/// UTF-7, which old readers took for text; small, for case is folded.
pub(super) const UTF_7: &[(&str, char)] =
    &[("+adw", '<'), ("+ad4", '>'), ("+aci", '"'), ("+acc", '\''), ("+ad0", '='), ("+ahs", '{')];

/// Elements of HTML, SVG and MathML, as they stand in their specifications
/// and in what older readers still know.
const ELEMENTS: &str = " a abbr acronym address animate animatemotion animatetransform annotation-xml applet area \
    article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button canvas caption center \
    circle cite clippath code col colgroup content data datalist dd defs del desc details dfn dialog dir discard div \
    dl dt ellipse em embed fieldset figcaption figure font footer foreignobject form frame frameset g h1 h2 h3 h4 h5 \
    h6 handler head header hgroup hr html i iframe ilayer image img input ins isindex kbd keygen label layer legend \
    li line lineargradient link listener listing main maction map mark marker marquee mask math menu menuitem meta \
    metadata meter mglyph mi mn mo mpath ms mtext multicol nav nobr noembed noframes noscript object ol optgroup \
    option output p param path pattern picture plaintext polygon polyline portal pre progress q radialgradient rb \
    rect rp rt rtc ruby s samp script search section select semantics set shadow slot small solidcolor source \
    spacer span stop strike strong style sub summary sup svg switch symbol table tbody td template text textarea \
    textpath tfoot th thead time title tr track tspan tt u ul use var video view wbr xml xmp xss ";

/// Elements that do something by themselves; also seen with white space before
/// their name.
const ACTIVE: &str = " applet audio base body embed form frame frameset iframe img input link math meta object \
    script select source style svg textarea video ";

/// The beginnings of the names of event handlers, behind `on`.
const EVENTS: &[&str] = &[
    "abort",
    "activate",
    "after",
    "animation",
    "appinstalled",
    "audio",
    "auxclick",
    "before",
    "begin",
    "blur",
    "bounce",
    "cached",
    "cancel",
    "canplay",
    "cellchange",
    "change",
    "checking",
    "click",
    "close",
    "command",
    "contentvis",
    "contextmenu",
    "contextlost",
    "contextrestored",
    "controlselect",
    "copy",
    "cuechange",
    "cut",
    "data",
    "dblclick",
    "deactivate",
    "device",
    "downloading",
    "drag",
    "drop",
    "durationchange",
    "emptied",
    "end",
    "enterpict",
    "error",
    "filterchange",
    "finish",
    "focus",
    "form",
    "fullscreen",
    "gamepad",
    "gesture",
    "gotpointer",
    "hashchange",
    "help",
    "input",
    "invalid",
    "key",
    "languagechange",
    "layoutcomplete",
    "leavepict",
    "load",
    "losecapture",
    "lostpointer",
    "message",
    "mouse",
    "move",
    "noupdate",
    "obsolete",
    "offline",
    "open",
    "orientation",
    "page",
    "paint",
    "paste",
    "pause",
    "play",
    "pointer",
    "popstate",
    "progress",
    "propertychange",
    "ratechange",
    "ready",
    "rejection",
    "repeat",
    "reset",
    "resize",
    "resum",
    "reverse",
    "row",
    "scroll",
    "search",
    "security",
    "seek",
    "select",
    "show",
    "slotchange",
    "snapshot",
    "stalled",
    "start",
    "stop",
    "storage",
    "submit",
    "suspend",
    "sync",
    "time",
    "toggle",
    "touch",
    "track",
    "transition",
    "unhandled",
    "unload",
    "update",
    "urlflip",
    "volumechange",
    "waiting",
    "webkit",
    "wheel",
    "zoom",
];

/// Attributes that run what they hold without being event handlers.
const RUNNING: &[&str] = &["srcdoc", "formaction"];

/// Functions by which a spreadsheet reaches out, or shows something else than it holds.
pub(super) const FORMULAS: &[&str] = &[
    "call",
    "char",
    "cmd",
    "concat",
    "concatenate",
    "dde",
    "exec",
    "hyperlink",
    "image",
    "importdata",
    "importfeed",
    "importhtml",
    "importrange",
    "importxml",
    "indirect",
    "register",
    "rtd",
    "shell",
    "sum",
    "webservice",
];

pub(super) fn is_element(name: &str) -> bool {
    listed(ELEMENTS, name)
}

pub(super) fn is_active_element(name: &str) -> bool {
    listed(ACTIVE, name)
}

/// Whether an attribute of this name runs its value.
pub(super) fn is_running_attribute(name: &str) -> bool {
    let event =
        name.strip_prefix("on").is_some_and(|rest| EVENTS.iter().any(|event| rest.starts_with(event)));
    event || RUNNING.contains(&name)
}

fn listed(list: &str, name: &str) -> bool {
    !name.is_empty() && list.split_whitespace().any(|known| known == name)
}
