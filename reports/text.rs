//! Text from a subject, made harmless to read: nothing hidden, nothing endless.

use std::fmt::Write as _;

/// Whether a character would be invisible, or would turn the text around it.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        c => (c as u32) & 0xfffe == 0xfffe,
    }
}

/// The text with control, direction and zero-width characters spelled out, as
/// `⟨U+202E⟩`, so that a reader sees what was there and a page is not turned
/// around by it. A carriage return before a line break is dropped.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        if is_hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "⟨U+{:04X}⟩", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

/// A text that was cut, with how many characters it had.
#[derive(Debug, PartialEq, Eq)]
pub struct Clipped {
    /// The visible beginning.
    pub text: String,
    /// How many characters were left out.
    pub left_out: usize,
}

/// At most `limit` characters, made visible.
pub fn clip(text: &str, limit: usize) -> Clipped {
    match text.char_indices().nth(limit) {
        None => Clipped { text: visible(text), left_out: 0 },
        Some((end, _)) => Clipped { text: visible(&text[..end]), left_out: text[end..].chars().count() },
    }
}

/// One line of at most `limit` characters, with a note where it was cut.
pub fn line(text: &str, limit: usize) -> String {
    let clipped = clip(text, limit);
    let one_line = clipped.text.split_whitespace().collect::<Vec<_>>().join(" ");
    match clipped.left_out {
        0 => one_line,
        more => format!("{one_line} … (and {more} characters more)"),
    }
}

/// A name that may stand in `id` and `href`.
pub fn anchor(prefix: &str, text: &str) -> String {
    let name: String = text
        .chars()
        .take(80)
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' })
        .collect();
    format!("{prefix}-{name}")
}

/// Plain text for the middle of a line of Markdown: one line, with every sign
/// escaped that Markdown, or HTML inside it, would take for its own there.
pub fn markdown(text: &str, limit: usize) -> String {
    let line = line(text, limit);
    let mut out = String::with_capacity(line.len());
    for (at, c) in line.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            // An address would become a link that nobody here vouches for.
            ':' if line[at..].starts_with("://") => out.push_str("\\:"),
            c => out.push(c),
        }
    }
    out
}

/// A code block whose fence is longer than any run of backticks inside.
pub fn fenced(text: &str, limit: usize) -> String {
    let clipped = clip(text.trim_end(), limit);
    let longest = clipped.text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let note = match clipped.left_out {
        0 => String::new(),
        more => format!("\n… and {more} characters more"),
    };
    format!("{fence}text\n{}{note}\n{fence}\n", clipped.text)
}

/// JSON with line breaks and indentation added outside its strings; nothing
/// else is changed, so that numbers, order and spelling stay evidence. What is
/// no JSON comes back as it is.
pub fn indent_json(text: &str) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() || text.contains('\n') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut rest = text.chars().filter(|c| *c != '\r').peekable();
    while let Some(c) = rest.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while rest.peek().is_some_and(|next| next.is_whitespace()) {
                    rest.next();
                }
                match rest.peek() {
                    Some('}' | ']') => out.extend(rest.next()),
                    _ => {
                        depth += 1;
                        new_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    // Deep nesting must not make a page of blanks.
    out.push_str(&"  ".repeat(depth.min(24)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_spelled_out() {
        assert_eq!(visible("a\0b\u{202e}c\r\nd"), "a⟨U+0000⟩b⟨U+202E⟩c\nd");
    }

    #[test]
    fn what_is_long_is_cut_with_a_note() {
        assert_eq!(clip("åbcdef", 3), Clipped { text: "åbc".into(), left_out: 3 });
        assert_eq!(line("a\nb", 9), "a b");
    }

    #[test]
    fn json_is_only_indented() {
        let check = |text: &str, expected: &str| assert_eq!(indent_json(text), expected);
        check(
            r#"{"a":1.00,"b":[],"c":[1,2]}"#,
            "{\n  \"a\": 1.00,\n  \"b\": [],\n  \"c\": [\n    1,\n    2\n  ]\n}",
        );
        check(r#"{"a":"x,{}\":y"}"#, "{\n  \"a\": \"x,{}\\\":y\"\n}");
        check("{broken", "{broken");
    }

    #[test]
    fn markdown_stays_text() {
        assert_eq!(markdown("a|b\n[x](https://y) <b>", 99), "a\\|b \\[x\\](https\\://y) &lt;b&gt;");
    }

    #[test]
    fn a_fence_outlives_its_content() {
        assert_eq!(fenced("````", 99), "`````text\n````\n`````\n");
    }
}
